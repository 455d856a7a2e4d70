"""The phrases of German, French and Spanish, fewer than those of English, and all languages by code."""

from atrium.demo.phrases import ENGLISH, Language

GERMAN = Language(
    days=("morgen", "am Montag", "am Dienstag", "am Mittwoch", "am Donnerstag", "am Freitag", "nächste Woche"),
    posts={
        "discussion": (
            "Kurze Notiz, Thema {name}: {problem}.",
            "{Name}: {gain}. Eine Kleinigkeit, aber sie freut mich die ganze Woche.",
            "{Problem}. Wie macht ihr das in {other}?",
            "Stand in {place}: {gain}. Noch offen: {problem}.",
        ),
        "question": (
            "Frage in die Runde: {problem}. Wer kann helfen?",
            "Könnten wir {wish}? Wer hat das schon versucht?",
            "Wer kennt sich in {other} damit aus ({name})? Ich würde {day} gern anrufen.",
        ),
        "announcement": (
            "Gute Nachricht: {gain}. Danke an alle in {place} und {other}, die mitgeholfen haben.",
            "Bald wollen wir {wish}. Der Grund: {problem}. Fragen gern hier oder {day} um {time} Uhr.",
        ),
        "praise": (
            "Danke, {colleague}! {Gain}, und das ist zu einem guten Teil dein Verdienst.",
            "Ein großes Dankeschön an {colleague} für {number} Stunden Geduld. 👏",
        ),
        "idea": (
            "Idee: Könnten wir {wish}? {Problem}.",
            "{Problem}. Mein Vorschlag: {wish}. In {place} könnten wir es {number} Wochen lang ausprobieren.",
        ),
        "article": ("Vor einem Jahr war das Bild klar: {problem}. Heute: {gain}. So sind wir dahin gekommen.",),
        "poll": (
            "Kurze Abstimmung, Thema {name}: Sollen wir {wish}?",
            "{Problem}. Was meint ihr? Stimmt bitte bis {day} ab.",
        ),
    },
    titles={
        "discussion": ("{Name}: wo wir stehen",),
        "question": ("Frage: {name}",),
        "announcement": ("Neues: {name}", "Bitte lesen: {name}"),
        "praise": ("Danke!",),
        "idea": ("Idee: {name}",),
        "article": ("Was wir gelernt haben: {name}",),
        "poll": ("Eure Stimme: {name}",),
    },
    more=(
        "Zum Hintergrund: Wir haben uns das {number} Wochen lang mit {place} und {other} angesehen.",
        "Ich habe {colleague} um eine zweite Meinung gebeten; wir kamen zum selben Ergebnis.",
        "Die Zahlen sind noch nicht endgültig, aber die Richtung stimmt.",
    ),
    list_heads=("**Nächste Schritte**", "**Kurz gesagt**"),
    points=(
        "die Zahlen der letzten {number} Wochen vergleichen",
        "eine Seite Anleitung, in einfachen Worten",
        "ein kleiner Versuch in {place}",
        "{colleague} prüft die Zahlen {day}",
        "offene Fragen in einer Liste sammeln",
        "in {number} Wochen wieder hinsehen und entscheiden",
    ),
    ends=(
        "Mehr dazu im Wiki: https://wiki.atrium.example/{tag}",
        "Was habe ich übersehen? Ich lese jeden Kommentar.",
        "Wer mitmachen möchte, meldet sich bitte hier.",
    ),
    answers={
        "question": (
            "Bei uns in {place} genauso: {problem}.",
            "Frag am besten {colleague}.",
            "Uns hat geholfen: {wish}.",
            "Steht im Wiki: https://wiki.atrium.example/{tag}",
        ),
        "announcement": ("Danke für die klaren Worte.", "Gilt das auch für {place}?", "Endlich! {Gain}."),
        "praise": ("Mehr als verdient!", "Kann ich nur zustimmen. 👏", "Glückwunsch aus {place}!"),
        "idea": (
            "Gefällt mir, versuchen wir es: {wish}.",
            "Und wer kümmert sich darum?",
            "In {place} wären wir dabei.",
        ),
        "discussion": ("In {place} sehen wir das auch: {problem}.", "Bei uns anders: {gain}. Ich zeige es euch gern."),
        "article": ("Danke fürs Aufschreiben.", "Was würdet ihr beim nächsten Mal anders machen?"),
        "poll": ("Abgestimmt.", "Mir fehlt die Antwort „kommt darauf an“.", "Bitte auch in {place} so."),
    },
    cheers=("Danke fürs Teilen!", "Sehe ich auch so.", "Sehr hilfreich, danke.", "Grüße aus {place}!", "Super. 🎉"),
    replies=("Guter Hinweis, danke.", "Bei uns in {place} auch.", "Lass uns {day} darüber reden.", "Stimmt!"),
    thanks=("Danke, das probiere ich {day} aus.", "Das wusste ich nicht, danke!", "Genau das habe ich gesucht."),
    choices=(("Ja, sofort", "Ja, aber erst als Versuch", "Nein, es geht so"), ("Diesen Monat", "Später", "Gar nicht")),
    shares=("Auch für uns lesenswert.", "Für alle, die es verpasst haben: betrifft auch {place}."),
)

FRENCH = Language(
    days=("demain", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "la semaine prochaine"),
    posts={
        "discussion": (
            "Petit point sur le sujet « {name} » : {problem}.",
            "{Name} : {gain}. Ce n'est pas grand-chose, mais cela fait plaisir.",
            "{Problem}. Comment faites-vous à {other} ?",
            "Des nouvelles de {place} : {gain}. Reste à voir : {problem}.",
        ),
        "question": (
            "Une question : {problem}. Qui peut aider ?",
            "Pourrions-nous {wish} ? Quelqu'un a-t-il déjà essayé ?",
            "Qui s'y connaît à {other} ? Le sujet : {name}. Je peux appeler {day}.",
        ),
        "announcement": (
            "Bonne nouvelle : {gain}. Merci à toutes les équipes de {place} et de {other}.",
            "Bientôt, nous allons {wish}. La raison : {problem}. Des questions ? Ici, ou {day} à {time}.",
        ),
        "praise": (
            "Merci, {colleague} ! {Gain}, et c'est en bonne partie grâce à toi.",
            "Un grand merci à {colleague} pour sa patience. 👏",
        ),
        "idea": (
            "Une idée : pourrions-nous {wish} ? {Problem}.",
            "{Problem}. Ma proposition : {wish}. On pourrait essayer à {place} pendant {number} semaines.",
        ),
        "article": ("Il y a un an, le constat était clair : {problem}. Aujourd'hui : {gain}. Voici notre chemin.",),
        "poll": (
            "Petit vote sur le sujet « {name} » : pourrions-nous {wish} ?",
            "{Problem}. Qu'en pensez-vous ? Votez avant {day}.",
        ),
    },
    titles={
        "discussion": ("{Name} : où en sommes-nous",),
        "question": ("Question : {name}",),
        "announcement": ("Du nouveau : {name}",),
        "praise": ("Merci !",),
        "idea": ("Une idée : {name}",),
        "article": ("Ce que nous avons appris : {name}",),
        "poll": ("Votre avis : {name}",),
    },
    more=(
        "Pour le contexte : nous avons regardé cela pendant {number} semaines avec {place} et {other}.",
        "J'ai demandé l'avis de {colleague} ; nous arrivons à la même conclusion.",
        "Les chiffres ne sont pas définitifs, mais la direction est bonne.",
    ),
    list_heads=("**Prochaines étapes**", "**En bref**"),
    points=(
        "comparer les chiffres des {number} dernières semaines",
        "un guide d'une page, en mots simples",
        "un petit essai à {place}",
        "{colleague} vérifie les chiffres {day}",
        "réunir les questions ouvertes dans une liste",
        "refaire le point dans {number} semaines",
    ),
    ends=(
        "Plus de détails : https://wiki.atrium.example/{tag}",
        "Qu'est-ce que j'ai oublié ? Je lis tous les commentaires.",
        "Si vous voulez participer, dites-le ici.",
    ),
    answers={
        "question": (
            "Pareil chez nous à {place} : {problem}.",
            "Le mieux est de demander à {colleague}.",
            "Ce qui nous a aidés : {wish}.",
            "Il y a une page : https://wiki.atrium.example/{tag}",
        ),
        "announcement": ("Merci pour ces explications.", "Est-ce valable aussi pour {place} ?", "Enfin ! {Gain}."),
        "praise": ("Bien mérité !", "Tout à fait d'accord. 👏", "Bravo depuis {place} !"),
        "idea": ("Cela me plaît. Essayons : {wish}.", "Et qui s'en occuperait ?", "À {place}, nous sommes partants."),
        "discussion": ("À {place} aussi : {problem}.", "Chez nous, c'est différent : {gain}."),
        "article": ("Merci de l'avoir écrit.", "Que feriez-vous autrement la prochaine fois ?"),
        "poll": ("Voté !", "Il manque « ça dépend ».", "À {place} aussi, s'il vous plaît."),
    },
    cheers=("Merci pour le partage !", "Tout à fait.", "Très utile, merci.", "Un bonjour de {place} !", "Super. 🎉"),
    replies=("Bonne remarque, merci.", "Chez nous à {place} aussi.", "On en parle {day} ?", "C'est vrai !"),
    thanks=("Merci, j'essaie cela {day}.", "Je ne le savais pas, merci !", "C'est exactement ce que je cherchais."),
    choices=(
        ("Oui, tout de suite", "Oui, à l'essai d'abord", "Non, c'est bien ainsi"),
        ("Ce mois-ci", "Plus tard", "Non"),
    ),
    shares=("À lire, pour nous aussi.", "Pour ceux qui l'ont manqué : cela concerne aussi {place}."),
)

SPANISH = Language(
    days=("mañana", "el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "la semana que viene"),
    posts={
        "discussion": (
            "Una nota rápida. Tema: {name}. {Problem}.",
            "{Name}: {gain}. Es poca cosa, pero alegra la semana.",
            "{Problem}. ¿Cómo lo hacéis en {other}?",
            "Novedades de {place}: {gain}. Queda pendiente: {problem}.",
        ),
        "question": (
            "Una pregunta: {problem}. ¿Quién puede ayudar?",
            "¿Podríamos {wish}? ¿Alguien lo ha probado ya?",
            "¿Quién sabe de esto en {other}? El tema es {name}. Puedo llamar {day}.",
        ),
        "announcement": (
            "Buenas noticias: {gain}. Gracias a todos los equipos de {place} y {other}.",
            "Muy pronto vamos a {wish}. El motivo: {problem}. Preguntas aquí o {day} a las {time}.",
        ),
        "praise": (
            "¡Gracias, {colleague}! {Gain}, y en buena parte es trabajo tuyo.",
            "Muchas gracias a {colleague} por su paciencia. 👏",
        ),
        "idea": (
            "Una idea: ¿podríamos {wish}? {Problem}.",
            "{Problem}. Mi propuesta: {wish}. Podríamos probarlo en {place} durante {number} semanas.",
        ),
        "article": ("Hace un año estaba claro: {problem}. Hoy: {gain}. Así hemos llegado hasta aquí.",),
        "poll": (
            "Una votación rápida. Tema: {name}. ¿Podríamos {wish}?",
            "{Problem}. ¿Qué os parece? Votad antes de {day}.",
        ),
    },
    titles={
        "discussion": ("{Name}: cómo vamos",),
        "question": ("Pregunta: {name}",),
        "announcement": ("Novedades: {name}",),
        "praise": ("¡Gracias!",),
        "idea": ("Una idea: {name}",),
        "article": ("Lo que hemos aprendido: {name}",),
        "poll": ("Vuestro voto: {name}",),
    },
    more=(
        "El contexto: lo hemos mirado {number} semanas con {place} y {other}.",
        "Pedí una segunda opinión a {colleague} y llegamos a lo mismo.",
        "Las cifras no son definitivas, pero la dirección es buena.",
    ),
    list_heads=("**Próximos pasos**", "**En resumen**"),
    points=(
        "comparar las cifras de las últimas {number} semanas",
        "una guía de una página, con palabras sencillas",
        "una prueba pequeña en {place}",
        "{colleague} revisa las cifras {day}",
        "reunir las preguntas en una lista",
        "volver a mirarlo en {number} semanas",
    ),
    ends=(
        "Más detalles: https://wiki.atrium.example/{tag}",
        "¿Qué me he dejado? Leo todos los comentarios.",
        "Quien quiera participar, que lo diga aquí.",
    ),
    answers={
        "question": (
            "Lo mismo en {place}: {problem}.",
            "Lo mejor es preguntar a {colleague}.",
            "A nosotros nos ayudó esto: {wish}.",
            "Hay una página: https://wiki.atrium.example/{tag}",
        ),
        "announcement": ("Gracias por explicarlo tan claro.", "¿Vale también para {place}?", "¡Por fin! {Gain}."),
        "praise": ("¡Muy merecido!", "Totalmente de acuerdo. 👏", "¡Enhorabuena desde {place}!"),
        "idea": ("Me gusta. Vamos a {wish}.", "¿Y quién se encargaría?", "En {place} nos apuntamos."),
        "discussion": ("En {place} también: {problem}.", "Aquí es distinto: {gain}."),
        "article": ("Gracias por escribirlo.", "¿Qué haríais de otra manera la próxima vez?"),
        "poll": ("Votado.", "Falta la opción «depende».", "En {place} también, por favor."),
    },
    cheers=("¡Gracias por compartirlo!", "De acuerdo.", "Muy útil, gracias.", "¡Saludos desde {place}!", "Genial. 🎉"),
    replies=("Buen apunte, gracias.", "En {place} también.", "Lo hablamos {day}.", "¡Es verdad!"),
    thanks=("Gracias, lo pruebo {day}.", "No lo sabía, ¡gracias!", "Justo lo que buscaba."),
    choices=(("Sí, ya", "Sí, primero a prueba", "No, está bien así"), ("Este mes", "Más adelante", "Nunca")),
    shares=("También nos interesa.", "Para quien no lo haya visto: afecta también a {place}."),
)

LANGUAGES: dict[str, Language] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}

"""What people at work write about: subjects of each kind of unit in English, and common ones in four languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to talk about, in pieces that fit into the phrases of its language."""

    tag: str
    name: str  # a noun phrase: "the shift handover"
    problem: str  # a clause: "half of the notes get lost"
    wish: str  # words after "we could": "move the checklist to the tablets"
    gain: str  # a clause: "the late shift starts twenty minutes earlier"


def parsed(lines: str) -> tuple[Subject, ...]:
    """Reads one subject a line, its pieces parted by `|`; an indented line goes on."""
    return tuple(Subject(*line.split("|")) for line in lines.strip().replace("\n  ", "").splitlines())


BY_KIND: dict[str, tuple[Subject, ...]] = {
    "operations": parsed("""
handover|the shift handover|half of the notes are still on paper and some get lost|
  move the checklist to the tablets|the late shift now starts twenty minutes earlier
slotting|slotting in the picking aisles|the fast movers still stand at the far end|
  move the top two hundred articles every month|the walking distance per order fell by a fifth
forklift-safety|forklift traffic at the loading bays|pedestrians and trucks still cross at gate four|
  paint a second walkway and put up a mirror|we have had no near miss for sixty days
returns|the returns backlog|parcels wait up to three days for inspection|
  open a second bench on Mondays|the backlog is down to one day
cold-chain|the cold chain check|two loggers show a gap between dock and truck|
  cool the trailers before loading|every delivery stayed below five degrees this month
peak-season|planning for the peak season|we are short of drivers in the last two weeks|
  share drivers between the two nearest sites|all routes for the busy weeks are staffed
"""),
    "it": parsed("""
laptop-refresh|the laptop replacement|some machines are older than five years|
  let people book their own swap date|eighty laptops were replaced without a lost file
single-sign-on|single sign-on|three old applications still want their own password|
  retire the old login pages this quarter|password tickets fell by forty percent
wifi|the wireless network|calls drop on the way from one floor to the next|
  add two access points on each floor|the map of access points is complete and no floor is dark
patching|the monthly patch window|restarts in the afternoon interrupt people|
  move it to Sunday morning|all servers were patched in under three hours
phishing|the phishing exercise|one in nine still clicked the link|
  show the report button in the first week of onboarding|reports came in within four minutes
backups|the restore test|nobody had tried the file share since spring|
  restore one random system every month|the full restore took forty minutes instead of four hours
"""),
    "service": parsed("""
first-contact|first contact resolution|callers are passed on twice for simple address changes|
  give advisors the right to correct addresses|seven of ten calls are solved at once
call-peaks|the Monday morning peak|waiting times rise above six minutes|
  offer a call back from nine to eleven|nobody waited longer than three minutes this week
knowledge-base|the knowledge base|two articles on refunds say different things|
  give each article an owner|new colleagues find answers in half the time
complaints|complaints about late deliveries|customers hear of a delay only when they call|
  send a message as soon as the route changes|repeat calls about deliveries fell by a third
chat-support|the written support channel|three chats at once are too many in the evening|
  limit it to two after six o'clock|satisfaction in chat is above the phone for the first time
call-coaching|call coaching|we only listen to calls that went wrong|
  share one good call a week|every team has heard a good call this month
"""),
    "field": parsed("""
spare-parts|spare parts in the vans|the same two relays are missing every week|
  put a minimum stock list in each van|first visit repairs went up by eight points
on-call|the on-call rota|some of us have three weekends in a row|
  swap duties in the app without calling the office|the next quarter has no double weekends
lift-modernisation|the lift modernisation at the hospital|the old shaft drawings do not match|
  measure all shafts before we order|both lifts were handed over a day early
working-at-height|harness checks|a few labels are past their date|
  check them with the monthly van check|all harnesses are checked and labelled
route-planning|route planning|we cross the city twice a day|
  plan by district and leave an hour free for emergencies|each van drives thirty kilometres less a day
door-sensors|the door sensor fault|the new sensors trip in low sun|
  turn the bracket by ten degrees|no call-backs since we changed the bracket
"""),
    "sales": parsed("""
pricing|the new price list|two discounts contradict each other|
  show one calculation for all regions|offers go out a day earlier
tender|the housing tender|the service times are not agreed yet|
  bring field service into the bid meeting|we made the shortlist
crm|data quality in the CRM|a third of the contacts has no phone number|
  clean up ten contacts each Friday|the forecast was off by only two percent
renewals|renewals in the autumn|customers hear from us too late|
  call ninety days before the end|nine of ten contracts were renewed
trade-fair|the trade fair|last year nobody collected the leads in one place|
  use one form for all leads|we came home with two hundred good conversations
healthcare-customers|our healthcare customers|they ask for one contact for all services|
  name one account lead for each hospital|the first hospital group signed for three years
"""),
    "engineering": parsed("""
release-train|the release train|the last two releases waited for one flaky test|
  quarantine flaky tests within a day|we shipped every Tuesday this month
api-versioning|versioning of our API|two clients still use fields we wanted to remove|
  mark them deprecated with a date|the last old client moved over
accessibility|keyboard navigation|the date picker traps the focus|
  test every page without a mouse|the audit found no blocking issue
slow-queries|slow queries on the orders page|one join reads the whole table|
  add the missing index and page by key|the page loads in 200 milliseconds
incident-review|the incident on the payment queue|the alert fired after the customers did|
  alert on the age of the oldest message|we found the cause in eleven minutes
onboarding-devs|setting up a new laptop for development|it takes two days and four people|
  put it all behind one make target|a new colleague shipped on day one
code-review|code review|large changes wait for days|
  keep changes under three hundred lines|the median review takes three hours
type-safety|strict types|half of the old modules have none|
  add them whenever we touch a file|type checks caught two bugs before release
"""),
    "people": parsed("""
parental-leave|the parental leave guide|people ask three departments and get three answers|
  put all steps on one page|questions to the desk fell by half
apprentices|our apprentices|some have not met their mentor yet|
  plan the first meeting before day one|all twelve passed their exams
recruiting-time|time to hire|candidates wait two weeks for feedback|
  answer within three working days|the median is down to thirty days
learning-hours|learning hours|most teams do not use them|
  block two hours a month in the calendar|four hundred people finished a course
performance-talks|the yearly conversations|many forms stay empty|
  use five plain questions instead|nine of ten conversations took place
mental-health|mental health first aid|few people know who the first aiders are|
  show them on every profile page|we trained twenty new first aiders
"""),
    "finance": parsed("""
month-end|the month-end close|three accruals come in on the last day|
  collect them by the twenty-fifth|we closed on day three
travel-expenses|travel expenses|paper receipts still come by post|
  accept photos from the phone|refunds arrive within five days
budget|the budget round|each unit uses its own template|
  share one template with fewer lines|all units sent their plan in time
supplier-invoices|supplier invoices|one in ten has no order number|
  send those back the same day|we pay nearly all invoices on time
fraud|fake payment requests|two messages looked as if they came from our board|
  call back before every change of bank details|a colleague stopped one in time
dashboards|the cost dashboard|numbers differ between two reports|
  read both from the same source|questions about figures are down to a few a month
"""),
    "making": parsed("""
setup-time|set-up time on the press line|we wait for tools at every change|
  prepare the tools on a cart|a change takes nine minutes instead of twenty
scrap|scrap in the paint shop|dust gets in when the gate is open|
  close the gate by sensor|scrap fell below one percent
welding-fumes|fume extraction at the weld cells|two hoods are too far from the seam|
  mount the arms on the table|the air measurements are well below the limit
maintenance|planned maintenance|we only repair when something stops|
  service the conveyors every second Friday|no unplanned stop for three weeks
quality-gate|the quality gate at final assembly|the gauge and the drawing disagree|
  measure at the first part of each batch|not one complaint from the field this month
robot-cell|the new robot cell|the gripper drops the small brackets|
  print softer fingers|it runs a full shift without a stop
"""),
    "care": parsed("""
night-rounds|the night rounds|residents wake up when we open every door|
  use the quiet sensors where families agree|residents sleep better and so do their families
medication|the medication round|interruptions are the main cause of mistakes|
  wear the do-not-disturb vest|no medication error for ninety days
falls|fall prevention|most falls happen before breakfast|
  start the early walk ten minutes earlier|falls are down by a quarter
care-plans|care plans on the tablet|the signal is weak in the garden wing|
  store them offline|documentation takes fifteen minutes less per shift
family-evenings|the family evenings|some relatives cannot come on weekdays|
  hold every second one on a Saturday|sixty relatives came last time
hand-hygiene|hand hygiene|the dispensers at two doors were empty|
  check them with the linen round|the audit gave us full marks
"""),
    "marketing": parsed("""
newsletter|the customer newsletter|half of the readers stop after the first story|
  put the most useful story first|twice as many people read to the end
brand-guide|the brand guide|three shades of green are in use|
  offer one template for slides|all sites use the same templates
website|the product pages|people leave at the price table|
  show one example per size|requests through the site rose by a fifth
photo-day|the photo day on site|our pictures show only offices|
  take pictures of real work with those who do it|we have three hundred new pictures of real colleagues
customer-stories|customer stories|approvals take months|
  ask for approval at handover|four new stories are online
"""),
    "procurement": parsed("""
delivery-times|delivery times of electronics|controllers take sixteen weeks|
  order a reserve for two months|we have stock until spring
supplier-audit|the supplier audits|we check paper more than floors|
  visit two sites a quarter|all key suppliers passed
electric-vans|the electric vans|charging at two depots is not ready|
  start with the short routes|the first twelve vans are on the road
framework-contracts|framework contracts|small orders bypass them|
  put the catalogue into the order tool|seven of ten orders use a contract
packaging|packaging material|we ship too much air|
  offer fewer box sizes and one flat one|we use a tenth less cardboard
"""),
    "facilities": parsed("""
heating|the heating in the north wing|it is warm on Sunday and cold on Monday|
  start it two hours earlier on Mondays|we use less gas and nobody wears a coat
bike-parking|bike parking|the racks are full by eight|
  turn two car spaces into racks|sixty new spaces are open
meeting-rooms|meeting rooms|booked rooms stay empty|
  free a room after ten minutes without people|there is a free room nearly all day
fire-drill|the fire drill|the back stairs were blocked by boxes|
  keep a no-storage line on the floor|everyone was out in four minutes
solar-roof|the solar roof|the inverter stops on hot days|
  give it shade and air|the roof covers a third of our power
"""),
    "communications": parsed("""
plain-words|plain language|our last letter needed a second letter to explain it|
  read every text aloud before it goes out|people ask fewer questions after a message
screens|the screens at the sites|they show last month's news|
  let each site choose half of the stories|every screen is up to date
translations|translations|news reaches some sites a day late|
  translate the first paragraph at once|four languages go out in the same hour
podcast|the podcast|nobody on the shop floor knows about it|
  put a code on the lockers|a thousand people listened to the last one
story-hunt|stories from the sites|we hear only from headquarters|
  ring one site each week|every region was in the news this month
"""),
    "law": parsed("""
contract-templates|the contract templates|five versions of the same clause are around|
  keep one library with dates|simple contracts take two days
data-retention|deletion of old data|nobody knows how long applications must stay|
  write the periods next to each folder|the audit found nothing left over
licences|open-source licences|lists are made by hand before a release|
  make the list with every build|the list is complete at every release
gifts|gifts and invitations|people are unsure what they may accept|
  show the limit in the travel tool|we got forty questions and no breach
speak-up|the speak-up line|few know that it is confidential|
  put the number on the back of the badge|all cases were answered within a week
"""),
    "science": parsed("""
battery-tests|the battery cycle tests|two cells age faster in the cold chamber|
  repeat the run with fresh separators|the cells kept ninety percent after a thousand cycles
door-noise|noise of the sliding doors|the peak is at the end stop, not in the motor|
  try a softer stop|we are four decibels quieter
sensor-drift|drift of the humidity sensors|the values move after cleaning|
  calibrate after every tenth cleaning|drift is below one percent in half a year
reuse|reuse of old control boards|half of them fail only at one part|
  swap that part and test again|two of three boards get a second life
care-robots|the walking aid prototype|it stops at thick carpets|
  use larger wheels and less torque|residents walked with it for a whole week
"""),
    "board": parsed("""
strategy|our plan for next year|we do too many things at once|
  finish three things before we start new ones|every division named its three goals
safety-first|safety at work|near misses are not reported everywhere|
  talk about one near miss in each meeting|accidents are down by a third
customers|what customers tell us|they like our people and dislike our forms|
  cut our forms by half|satisfaction is the best in five years
carbon|our carbon target|heating is our largest part|
  move two sites to heat pumps this year|we are ahead of our plan
"""),
}  # fmt: skip

# The same tags in every language, so that a comment in English may answer a post in German.
COMMON: dict[str, tuple[Subject, ...]] = {
    "en": parsed("""
canteen|the canteen menu|the vegetarian dish is gone by half past twelve|
  order lunch in the app until ten|there are two vegetarian dishes every day now
town-hall|the town hall|the late shift can never join live|
  record it and take questions before|more than half of us watched it
holiday-planning|holiday planning|three of us asked for the same week|
  agree on the dates by the end of the month|everyone got their first choice
running-group|the running group|it is too dark on the river path|
  start at the stadium instead|fourteen of us finished the ten kilometres
parking|the car park|the new marks are too narrow for vans|
  keep the first row for vans|the barrier opens with the badge now
new-colleagues|our new colleagues|some have no badge on their first day|
  meet them at the door with coffee|six new colleagues started this month
coffee|the coffee machine|it has been blinking since yesterday|
  call the service and bring a second can|the new machine is here and it is good
safety-tip|first aid kits|two boxes are not complete|
  check them on the first of the month|all boxes are full again
volunteering|the volunteering day|some teams have not chosen a date|
  join the school project together|we painted four classrooms in one day
remote-work|working from home|meetings start without those on screen|
  begin with a round of those who are remote|our mixed meetings end on time now
"""),
    "de": parsed("""
canteen|der Speiseplan der Kantine|das vegetarische Gericht ist um halb eins aus|
  das Mittagessen bis zehn Uhr in der App bestellen|es gibt jetzt täglich zwei vegetarische Gerichte
town-hall|die Betriebsversammlung|die Spätschicht kann nie live dabei sein|
  sie aufzeichnen und Fragen vorher sammeln|mehr als die Hälfte von uns hat zugesehen
holiday-planning|die Urlaubsplanung|drei von uns wollen dieselbe Woche|
  uns bis Monatsende auf die Termine einigen|alle haben ihren Erstwunsch bekommen
running-group|der Lauftreff|am Uferweg ist es zu dunkel|
  am Stadion starten|vierzehn von uns haben die zehn Kilometer geschafft
parking|der Parkplatz|die neuen Markierungen sind für Transporter zu schmal|
  die erste Reihe für Transporter freihalten|die Schranke öffnet jetzt mit dem Ausweis
new-colleagues|unsere neuen Kolleginnen und Kollegen|manche haben am ersten Tag noch keinen Ausweis|
  sie mit Kaffee an der Tür abholen|sechs Neue haben diesen Monat angefangen
handover|die Schichtübergabe|die Hälfte der Notizen steht noch auf Papier|
  die Checkliste aufs Tablet bringen|die Spätschicht beginnt zwanzig Minuten früher
safety-tip|die Verbandskästen|zwei Kästen sind nicht vollständig|
  sie an jedem Monatsersten prüfen|alle Kästen sind wieder voll
maintenance|die geplante Wartung|wir reparieren erst, wenn etwas steht|
  die Anlagen alle zwei Wochen freitags warten|seit drei Wochen stand nichts ungeplant still
remote-work|das Arbeiten von zu Hause|Besprechungen beginnen ohne die am Bildschirm|
  mit einer Runde der Zugeschalteten anfangen|unsere gemischten Besprechungen enden pünktlich
"""),
    "fr": parsed("""
canteen|le menu de la cantine|le plat végétarien est épuisé à midi et demi|
  commander le repas dans l'application avant dix heures|il y a maintenant deux plats végétariens par jour
town-hall|la réunion générale|l'équipe du soir ne peut jamais y assister en direct|
  l'enregistrer et recueillir les questions avant|plus de la moitié d'entre nous l'ont regardée
holiday-planning|la planification des congés|nous sommes trois à vouloir la même semaine|
  fixer les dates avant la fin du mois|tout le monde a obtenu son premier choix
running-group|le groupe de course à pied|il fait trop sombre le long de la rivière|
  partir du stade|quatorze d'entre nous ont fini les dix kilomètres
parking|le parking|les nouvelles places sont trop étroites pour les fourgons|
  réserver la première rangée aux fourgons|la barrière s'ouvre maintenant avec le badge
new-colleagues|l'accueil des nouveaux collègues|certains n'ont pas de badge le premier jour|
  les accueillir à la porte avec un café|six personnes nous ont rejoints ce mois-ci
handover|la passation entre équipes|la moitié des notes est encore sur papier|
  mettre la liste sur les tablettes|l'équipe du soir commence vingt minutes plus tôt
safety-tip|les trousses de secours|deux trousses sont incomplètes|
  les vérifier le premier de chaque mois|toutes les trousses sont de nouveau complètes
spare-parts|les pièces de rechange dans les fourgons|les deux mêmes relais manquent chaque semaine|
  fixer un stock minimum par fourgon|nous réparons plus souvent dès la première visite
remote-work|le télétravail|les réunions commencent sans ceux qui sont à distance|
  commencer par un tour des personnes à distance|nos réunions mixtes finissent à l'heure
"""),
    "es": parsed("""
canteen|el menú del comedor|el plato vegetariano se acaba a las doce y media|
  pedir la comida en la aplicación antes de las diez|ya hay dos platos vegetarianos cada día
town-hall|la reunión general|el turno de tarde nunca puede verla en directo|
  grabarla y recoger las preguntas antes|más de la mitad de nosotros la vio
holiday-planning|la planificación de las vacaciones|tres de nosotros queremos la misma semana|
  acordar las fechas antes de fin de mes|todos tenemos nuestra primera opción
running-group|el grupo de corredores|el camino del río está demasiado oscuro|
  salir desde el estadio|catorce terminamos los diez kilómetros
parking|el aparcamiento|las plazas nuevas son estrechas para las furgonetas|
  reservar la primera fila para las furgonetas|la barrera ya se abre con la tarjeta
new-colleagues|la acogida de los nuevos compañeros|algunos no tienen tarjeta el primer día|
  recibirlos en la puerta con un café|este mes empezaron seis personas
handover|el cambio de turno|la mitad de las notas sigue en papel|
  pasar la lista a las tabletas|el turno de tarde empieza veinte minutos antes
safety-tip|los botiquines|dos botiquines están incompletos|
  revisarlos el primer día de cada mes|todos los botiquines están completos
call-peaks|las llamadas de los lunes|la espera pasa de seis minutos|
  ofrecer devolver la llamada de nueve a once|nadie esperó más de tres minutos esta semana
remote-work|el teletrabajo|las reuniones empiezan sin quienes están a distancia|
  empezar con una ronda de quienes están en pantalla|nuestras reuniones mixtas terminan a tiempo
"""),
}  # fmt: skip

KIND_TAGS = {"question": "help-wanted", "announcement": "news", "praise": "thank-you", "idea": "ideas"}

_BY_TAG = {(language, subject.tag): subject for language, group in COMMON.items() for subject in group} | {
    ("en", subject.tag): subject for group in BY_KIND.values() for subject in group
}

TAGS: tuple[str, ...] = tuple(sorted({tag for _, tag in _BY_TAG} | set(KIND_TAGS.values()) | set(BY_KIND)))


def subject_of(tags: tuple[str, ...], language: str, subjects: tuple[Subject, ...] = ()) -> Subject | None:
    """What tags are about, in that language, or of these subjects; None when nobody knows."""
    own = next((subject for subject in subjects if subject.tag in tags), None)
    return own or next((_BY_TAG[language, tag] for tag in tags if (language, tag) in _BY_TAG), None)

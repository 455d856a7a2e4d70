"""Given and family names by culture, and how a full name is put together there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One name: how it is written in Latin letters, and in its own script (the same where that is Latin)."""

    latin: str
    native: str


@dataclass(frozen=True, slots=True)
class Culture:
    """Names of one culture. The chances (0 to 1) are of a second given name, two family names, a single-word name."""

    female: tuple[Form, ...]
    male: tuple[Form, ...]
    family_female: tuple[Form, ...]
    family_male: tuple[Form, ...]
    second: float
    double: float
    single: float
    joiner: str  # between two family names
    family_first: bool  # in Latin letters
    native_join: str | None  # between the parts in their own script, None where that is Latin or not used
    native_family_first: bool


def _culture(
    female: str,
    male: str,
    family: str,
    *,
    second: float = 0.06,
    double: float = 0.05,
    single: float = 0.0,
    joiner: str = "-",
    family_first: bool = False,
    native_join: str | None = None,
    native_family_first: bool = False,
) -> Culture:
    """Reads lists separated by spaces: `_` is a space within a name, `Latin=native`, `male/female` for families."""
    return Culture(
        female=_forms(female),
        male=_forms(male),
        family_female=_forms(family, 1),
        family_male=_forms(family, 0),
        second=second,
        double=double,
        single=single,
        joiner=joiner,
        family_first=family_first,
        native_join=native_join,
        native_family_first=native_family_first,
    )


def _forms(names: str, variant: int = 0) -> tuple[Form, ...]:
    return tuple(_form(word.replace("_", " "), variant) for word in names.split())


def _form(word: str, variant: int) -> Form:
    latin, _, native = word.partition("=")
    latin = latin.split("/")[variant if "/" in latin else 0]
    native = native.split("/")[variant if "/" in native else 0]
    return Form(latin, native or latin)


CULTURES: dict[str, Culture] = {
    "english": _culture(
        "Emma Olivia Grace Hannah Charlotte Amelia Chloe Zoë Megan Rebecca Harriet Abigail Georgia Imogen Naomi Tara "
        "Siobhán Niamh Fiona Eleanor Brianna Kayla Destiny Maya",
        "James Oliver Jack Harry Thomas Daniel Samuel Benjamin Luke Nathan Callum Rory Declan Seán Owen Elliot Marcus "
        "Patrick Theo Gareth Tyrone Jamal Caleb Wyatt",
        "Smith Taylor Walker Wright Hughes Bennett Carter Murphy O'Brien O'Connor Doyle Campbell Fraser Stewart "
        "Morgan "
        "Griffiths Price Barker Fletcher Whitfield Hawthorne Pemberton Ashworth Kerr Sinclair Lennox Bright Marsh "
        "Holloway Quinn Washington Jefferson Brooks Coleman",
        second=0.1,
        double=0.07,
    ),
    "german": _culture(
        "Anna Lena Johanna Katharina Jana Sabine Ute Birgit Franziska Greta Hannelore Ines Jutta Karin Lieselotte "
        "Marlene Nadine Petra Silke Ulrike Anke Käthe Änne Frieda",
        "Lukas Jonas Felix Matthias Jürgen Jörg Uwe Holger Stefan Tobias Florian Günther Heiko Jens Kai Lennart "
        "Moritz "
        "Niklas Olaf Ralf Sören Torsten Volker Björn",
        "Müller Schmidt Schneider Fischer Weber Wagner Becker Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann "
        "Krüger Hofmann Hartmann Lange Krause Böhm Vogt Jäger Weiß Groß Förster Lindner Brandt Pohl Seidel Thiele "
        "Kühn von_Arnim Zimmermann",
        double=0.08,
    ),
    "dutch": _culture(
        "Sanne Femke Fleur Lotte Anouk Marijke Saskia Willemijn Maaike Roos Hanneke Ilse Noor Liesbeth Machteld Eefje "
        "Jolanda Tess",
        "Jeroen Daan Sander Bram Maarten Pieter Wouter Joost Ruben Thijs Koen Gijs Sjoerd Teun Freek Hendrik "
        "Niels Ewout",
        "de_Vries Jansen van_den_Berg Bakker Visser Smit Meijer de_Boer Mulder Dekker Kuipers Hoekstra van_Dijk Postma "
        "Vermeulen Brouwer Schouten Kok Peeters Claes van_der_Meer Dijkstra Bosch Hendriks Wiersma ter_Horst Coenen "
        "Verhoeven Zijlstra Blom",
        double=0.06,
    ),
    "french": _culture(
        "Camille Léa Manon Chloé Inès Élodie Aurélie Béatrice Cécile Delphine Geneviève Hélène Juliette Laëtitia "
        "Margaux Noémie Océane Pauline Solène Thérèse Valérie Zélie",
        "Antoine Baptiste Clément Damien Étienne François Guillaume Hugo Jérôme Julien Loïc Mathieu Nicolas Olivier "
        "Pascal Quentin Rémi Sébastien Théo Thibault Xavier Yann",
        "Martin Bernard Dubois Durand Lefèvre Moreau Girard Mercier Blanc Guérin Chevalier Fontaine Rousseau Garnier "
        "Lambert Roussel Perrin Lemaire Dufour Barbier Renaud Gauthier Le_Gall de_La_Tour Pélissier Delacroix Besson "
        "Collet Maréchal Tremblay Gagnon Bélanger",
        double=0.07,
    ),
    "spanish": _culture(
        "María Lucía Carmen Sofía Elena Pilar Rocío Beatriz Inés Ximena Valentina Camila Daniela Guadalupe Itzel "
        "Mercedes Noelia Paloma Silvia Yolanda Ángela Begoña",
        "José Javier Álvaro Diego Sergio Raúl Andrés Íñigo Joaquín Mateo Santiago Emiliano Rodrigo Esteban Gonzalo "
        "Hernán Ignacio Julián Nicolás Óscar Pablo Rubén",
        "García Fernández López Martínez Sánchez Pérez Gómez Díaz Álvarez Romero Navarro Domínguez Vázquez Ramos Gil "
        "Serrano Blanco Molina Suárez Ortega Castillo Núñez Medina Iglesias Peña Cárdenas Quispe Huerta Montoya "
        "Echeverría Ibáñez Zapata",
        second=0.12,
        double=0.55,
        joiner=" ",
    ),
    "portuguese": _culture(
        "Ana Beatriz Catarina Mariana Inês Joana Leonor Matilde Rita Sílvia Teresa Conceição Fátima Luísa Margarida "
        "Raquel Thaís Vitória Juliana Larissa Letícia Jussara",
        "João Pedro Tiago Rui Nuno Gonçalo Duarte Afonso Bernardo Diogo Filipe Hélder Luís Miguel Paulo Renato Sérgio "
        "Vasco Thiago Caio Otávio Ubirajara",
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Gonçalves Almeida Ribeiro Carvalho "
        "Teixeira Moreira Correia Mendes Nunes Vieira Cardoso Rocha Neves Coelho Cruz Cunha Pires da_Silva dos_Santos "
        "de_Araújo Magalhães Guimarães Brandão",
        second=0.1,
        double=0.4,
        joiner=" ",
    ),
    "italian": _culture(
        "Giulia Chiara Francesca Martina Alessia Elisa Federica Ilaria Lucia Noemi Ornella Paola Rosaria Serena "
        "Teresa "
        "Valeria Viola Zaira Ginevra Bianca",
        "Marco Luca Matteo Alessandro Davide Emanuele Fabio Giacomo Lorenzo Nicolò Pietro Riccardo Salvatore Stefano "
        "Tommaso Umberto Vincenzo Enzo Dario Gianluca",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Mancini "
        "Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso D'Amico Leone Longo "
        "Gentile Pellegrini Serra",
    ),
    "polish": _culture(
        "Agnieszka Małgorzata Katarzyna Joanna Zofia Magdalena Aleksandra Ewa Grażyna Halina Iwona Justyna Kinga "
        "Łucja Monika Paulina Renata Urszula Wanda Żaneta",
        "Piotr Krzysztof Andrzej Tomasz Paweł Michał Marcin Jakub Łukasz Wojciech Zbigniew Sławomir Grzegorz Rafał "
        "Bartosz Dawid Kacper Mirosław Stanisław Jędrzej",
        "Nowak Kowalski/Kowalska Wiśniewski/Wiśniewska Wójcik Kowalczyk Kamiński/Kamińska Lewandowski/Lewandowska "
        "Zieliński/Zielińska Szymański/Szymańska Woźniak Dąbrowski/Dąbrowska Kozłowski/Kozłowska Mazur "
        "Jankowski/Jankowska Krawczyk Grabowski/Grabowska Pawłowski/Pawłowska Michalak Król Wróbel Zając Pająk "
        "Sikora Baran Szewczyk Pietrzak Wilk Głowacki/Głowacka",
    ),
    "czech": _culture(
        "Tereza Kateřina Eliška Veronika Markéta Lenka Zuzana Barbora Hana Ivana Jitka Květa Ludmila Růžena Šárka "
        "Věra Žofie Alžběta",
        "Jan Jiří Tomáš Petr Martin Ondřej Vojtěch Lukáš Jakub Zdeněk Břetislav Dušan Eduard František Kryštof "
        "Miloš Radek Štěpán",
        "Novák/Nováková Svoboda/Svobodová Novotný/Novotná Dvořák/Dvořáková Černý/Černá Procházka/Procházková "
        "Kučera/Kučerová Veselý/Veselá Horák/Horáková Němec/Němcová Pokorný/Pokorná Marek/Marková Hájek/Hájková "
        "Jelínek/Jelínková Růžička/Růžičková Beneš/Benešová Fiala/Fialová Sedláček/Sedláčková Doležal/Doležalová "
        "Zeman/Zemanová Kolář/Kolářová Krejčí Šimek/Šimková Říha/Říhová",
    ),
    "nordic": _culture(
        "Ingrid Astrid Freja Sigrid Elsa Linnéa Maja Saga Tuva Åsa Kirsten Mette Signe Solveig Ragnhild Aino Päivi "
        "Helmi Hilla Guðrún Birna Øydis",
        "Erik Lars Anders Magnus Nils Olof Søren Jørgen Bjørn Håkon Torbjørn Øyvind Åke Gustav Henrik Mikkel Jukka "
        "Mäkki Onni Veikko Einar Þór",
        "Andersson Johansson Karlsson Nilsson Eriksson Lindqvist Sjöberg Åberg Öhman Hansen Olsen Solberg Bakke "
        "Haugen Strand Dahl Sørensen Møller Østergaard Kjær Nygård Virtanen Korhonen Mäkinen Hämäläinen Laine "
        "Järvinen Lehtonen Heikkinen Bergström Holmgren Ødegård",
        double=0.07,
    ),
    "turkish": _culture(
        "Ayşe Fatma Elif Zeynep Merve Büşra Gülşen Şule Çiğdem Ebru İrem Hatice Nilüfer Özlem Pınar Sevgi Tuğba Yıldız",
        "Mehmet Mustafa Ahmet Emre Burak Çağrı Deniz Furkan Gökhan Hüseyin İbrahim Kerem Murat Onur Özgür Serkan "
        "Tolga Yiğit",
        "Yılmaz Kaya Demir Şahin Çelik Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt "
        "Özkan Şimşek Polat Korkmaz Erdoğdu Güneş Tekin Bulut Ateş Işık Uçar",
        double=0.06,
        joiner=" ",
    ),
    "arabic": _culture(
        "Fatima=فاطمة Maryam=مريم Layla=ليلى Noor=نور Aisha=عائشة Huda=هدى Salma=سلمى Yasmin=ياسمين Rania=رانيا "
        "Zainab=زينب Amal=أمل Dalia=داليا Hanan=حنان Lina=لينا Mona=منى Samira=سميرة Nadia=نادية Reem=ريم",
        "Mohammed=محمد Ahmed=أحمد Omar=عمر Ali=علي Youssef=يوسف Khalid=خالد Hassan=حسن Ibrahim=إبراهيم Karim=كريم "
        "Tariq=طارق Samir=سمير Nabil=نبيل Mahmoud=محمود Ziad=زياد Faisal=فيصل Rami=رامي Bilal=بلال Anwar=أنور",
        "Al-Masri=المصري Haddad=حداد Khoury=خوري Al-Sayed=السيد Mansour=منصور Nasser=ناصر Saleh=صالح Darwish=درويش "
        "Al-Harbi=الحربي Al-Qahtani=القحطاني Farouk=فاروق Shaheen=شاهين Abdallah=عبدالله Hamdan=حمدان Aziz=عزيز "
        "Barakat=بركات Najjar=نجار Qasim=قاسم Ben_Salah=بن_صالح El-Amrani=العمراني Sabbagh=صباغ Zayed=زايد "
        "Othman=عثمان Al-Hashimi=الهاشمي",
        second=0.12,
        native_join=" ",
    ),
    "hebrew": _culture(
        "Noa=נועה Tamar=תמר Yael=יעל Shira=שירה Maya=מאיה Adi=עדי Michal=מיכל Ronit=רונית Hila=הילה Avigail=אביגיל "
        "Efrat=אפרת Orly=אורלי Liat=ליאת Dafna=דפנה",
        "Daniel=דניאל Noam=נועם Itai=איתי Yonatan=יונתן Omer=עומר Amit=עמית Eitan=איתן Gilad=גלעד Uri=אורי Avi=אבי "
        "Ronen=רונן Tomer=תומר Asaf=אסף Nadav=נדב",
        "Cohen=כהן Levi=לוי Mizrahi=מזרחי Peretz=פרץ Biton=ביטון Dahan=דהן Avraham=אברהם Friedman=פרידמן Katz=כץ "
        "Azoulay=אזולאי Ben-David=בן-דוד Shapira=שפירא Golan=גולן Segal=סגל Barak=ברק Harari=הררי Sharabi=שרעבי "
        "Rosen=רוזן Almog=אלמוג Gabay=גבאי",
        native_join=" ",
    ),
    "persian": _culture(
        "Shirin=شیرین Parisa=پریسا Nasrin=نسرین Mahsa=مهسا Golnaz=گلناز Laleh=لاله Roya=رویا Azadeh=آزاده "
        "Sepideh=سپیده "
        "Niloufar=نیلوفر Mina=مینا Setareh=ستاره Anahita=آناهیتا Elham=الهام",
        "Reza=رضا Amir=امیر Dariush=داریوش Kaveh=کاوه Behrouz=بهروز Farhad=فرهاد Mehdi=مهدی Navid=نوید Omid=امید "
        "Siavash=سیاوش Babak=بابک Arash=آرش Kamran=کامران Payam=پیام",
        "Ahmadi=احمدی Hosseini=حسینی Karimi=کریمی Rahimi=رحیمی Moradi=مرادی Jafari=جعفری Sadeghi=صادقی Rostami=رستمی "
        "Kazemi=کاظمی Ebrahimi=ابراهیمی Tehrani=تهرانی Shirazi=شیرازی Farahani=فراهانی Ghorbani=قربانی Zand=زند "
        "Bahrami=بهرامی Noori=نوری Parsa=پارسا Vaziri=وزیری Golzar=گلزار",
        native_join=" ",
    ),
    "hindi": _culture(
        "Priya=प्रिया Anjali=अंजलि Neha=नेहा Pooja=पूजा Kavita=कविता Sunita=सुनीता Deepika=दीपिका Asha=आशा Meera=मीरा "
        "Ritu=ऋतु Shreya=श्रेया Aarti=आरती Nisha=निशा Rekha=रेखा Divya=दिव्या Swati=स्वाति Jaya=जया Usha=उषा",
        "Rahul=राहुल Amit=अमित Rohan=रोहन Vikram=विक्रम Sanjay=संजय Arjun=अर्जुन Rajesh=राजेश Suresh=सुरेश Anil=अनिल "
        "Manoj=मनोज Karan=करण Nikhil=निखिल Deepak=दीपक Ashok=अशोक Vivek=विवेक Ravi=रवि Mohan=मोहन Pankaj=पंकज",
        "Sharma=शर्मा Verma=वर्मा Gupta=गुप्ता Singh=सिंह Patel=पटेल Joshi=जोशी Kulkarni=कुलकर्णी Deshpande=देशपांडे "
        "Mehta=मेहता Shah=शाह Yadav=यादव Mishra=मिश्रा Pandey=पांडेय Chauhan=चौहान Rathore=राठौर Kapoor=कपूर "
        "Malhotra=मल्होत्रा Saxena=सक्सेना Tiwari=तिवारी Agarwal=अग्रवाल Jain=जैन Thakur=ठाकुर Patil=पाटिल Kaur=कौर",
        second=0.1,
        single=0.03,
        joiner=" ",
        native_join=" ",
    ),
    "tamil": _culture(
        "Lakshmi=லட்சுமி Meena=மீனா Kavitha=கவிதா Revathi=ரேவதி Malar=மலர் Selvi=செல்வி Yazhini=யாழினி Kayal=கயல் "
        "Nila=நிலா Vidya=வித்யா Anitha=அனிதா Thenmozhi=தேன்மொழி Saranya=சரண்யா Priyadharshini=பிரியதர்ஷினி",
        "Karthik=கார்த்திக் Murugan=முருகன் Senthil=செந்தில் Arun=அருண் Kumaran=குமரன் Prabhu=பிரபு Velu=வேலு "
        "Ilango=இளங்கோ Saravanan=சரவணன் Bala=பாலா Dinesh=தினேஷ் Anbu=அன்பு Surya=சூர்யா Kathir=கதிர்",
        "Subramanian=சுப்பிரமணியன் Krishnan=கிருஷ்ணன் Rajan=ராஜன் Sundaram=சுந்தரம் Natarajan=நடராஜன் "
        "Venkatesan=வெங்கடேசன் Shanmugam=சண்முகம் Chandran=சந்திரன் Pillai=பிள்ளை Raman=ராமன் Ganesan=கணேசன் "
        "Arumugam=ஆறுமுகம் Palani=பழனி Manickam=மாணிக்கம் Sivakumar=சிவகுமார் Thangaraj=தங்கராஜ்",
        second=0.15,
        single=0.08,
        joiner=" ",
        native_join=" ",
    ),
    "bengali": _culture(
        "Ananya=অনন্যা Sharmila=শর্মিলা Nasreen=নাসরিন Farhana=ফারহানা Rupa=রূপা Moumita=মৌমিতা Tania=তানিয়া "
        "Sumaiya=সুমাইয়া Ishita=ঈশিতা Madhumita=মধুমিতা Rehana=রেহানা Jhuma=ঝুমা",
        "Arnab=অর্ণব Subir=সুবীর Rafiq=রফিক Tanvir=তানভীর Debashish=দেবাশীষ Sourav=সৌরভ Kamal=কামাল Anisur=আনিসুর "
        "Partha=পার্থ Shafiq=শফিক Mithun=মিঠুন Imran=ইমরান",
        "Chatterjee=চ্যাটার্জী Banerjee=ব্যানার্জী Mukherjee=মুখার্জী Das=দাস Sen=সেন Ghosh=ঘোষ Roy=রায় Rahman=রহমান "
        "Hossain=হোসেন Islam=ইসলাম Chowdhury=চৌধুরী Ahmed=আহমেদ Sarkar=সরকার Khatun=খাতুন Bhattacharya=ভট্টাচার্য "
        "Mondal=মন্ডল Haque=হক Biswas=বিশ্বাস",
        second=0.12,
        joiner=" ",
        native_join=" ",
    ),
    "chinese": _culture(
        "Meiling=美玲 Xiaoyan=晓燕 Lihua=丽华 Yuting=雨婷 Jing=静 Xiaomei=小梅 Yan=燕 Fang=芳 Xue=雪 Na=娜 Yuxin=雨欣 "
        "Zihan=子涵 Shuang=爽 Qing=青 Lanying=兰英 Peishan=佩珊",
        "Wei=伟 Xiaoming=小明 Jianguo=建国 Zhiqiang=志强 Haoran=浩然 Ming=明 Jun=军 Lei=磊 Yichen=奕辰 Tao=涛 Bo=波 "
        "Guangming=光明 Peng=鹏 Yifan=一凡 Chao=超 Zhenhua=振华",
        "Wang=王 Li=李 Zhang=张 Liu=刘 Chen=陈 Yang=杨 Huang=黄 Zhao=赵 Wu=吴 Zhou=周 Xu=徐 Sun=孙 Ma=马 Zhu=朱 Hu=胡 "
        "Guo=郭 He=何 Lin=林 Gao=高 Luo=罗 Zheng=郑 Liang=梁 Xie=谢 Song=宋 Tang=唐 Ouyang=欧阳",
        double=0.0,
        second=0.04,
        family_first=True,
        native_join="",
        native_family_first=True,
    ),
    "japanese": _culture(
        "Misaki=美咲 Yuki=由紀 Haruka=遥 Sakura=桜 Aoi=葵 Keiko=恵子 Yoko=洋子 Naomi=直美 Rina=里奈 Ayaka=彩花 "
        "Tomoko=智子 Hana=花 Mio=澪 Chihiro=千尋 Kaori=香織 Emi=恵美 Sachiko=幸子 Nanami=七海",
        "Haruto=陽翔 Kenji=健二 Takashi=隆 Hiroshi=浩 Yuto=悠斗 Daiki=大輝 Ren=蓮 Kaito=海斗 Makoto=誠 Satoshi=聡 "
        "Kazuya=和也 Ryo=涼 Shota=翔太 Naoki=直樹 Taro=太郎 Tsubasa=翼 Jun=潤 Akira=明",
        "Sato=佐藤 Suzuki=鈴木 Takahashi=高橋 Tanaka=田中 Watanabe=渡辺 Ito=伊藤 Yamamoto=山本 Nakamura=中村 "
        "Kobayashi=小林 Kato=加藤 Yoshida=吉田 Yamada=山田 Sasaki=佐々木 Matsumoto=松本 Inoue=井上 Kimura=木村 "
        "Hayashi=林 "
        "Shimizu=清水 Mori=森 Abe=阿部 Ikeda=池田 Hashimoto=橋本 Ishikawa=石川 Ogawa=小川 Fujita=藤田 Okada=岡田",
        double=0.0,
        second=0.0,
        native_join=" ",
        native_family_first=True,
    ),
    "korean": _culture(
        "Seo-yeon=서연 Ji-woo=지우 Min-ji=민지 Su-bin=수빈 Ha-eun=하은 Ye-jin=예진 Eun-ji=은지 Yu-na=유나 "
        "Hye-jin=혜진 "
        "Da-hye=다혜 So-young=소영 Mi-kyung=미경 Ga-eun=가은 Bo-ra=보라",
        "Min-jun=민준 Seo-jun=서준 Ji-hoon=지훈 Hyun-woo=현우 Dong-hyun=동현 Jae-won=재원 Sung-min=성민 Tae-yang=태양 "
        "Young-ho=영호 Joon-ho=준호 Woo-jin=우진 Kyung-soo=경수 Do-yun=도윤 Sang-hoon=상훈",
        "Kim=김 Lee=이 Park=박 Choi=최 Jung=정 Kang=강 Cho=조 Yoon=윤 Jang=장 Lim=임 Han=한 Oh=오 Seo=서 Shin=신 "
        "Kwon=권 "
        "Hwang=황 Ahn=안 Song=송 Ryu=류 Hong=홍 Namgung=남궁",
        double=0.0,
        second=0.0,
        native_join="",
        native_family_first=True,
    ),
    "vietnamese": _culture(
        "Lan Hoa Mai Linh Thảo Hương Ngọc Trang Phương Thúy Yến Quỳnh Hằng Vân Diễm Bích",
        "Minh Dũng Hùng Nam Tuấn Long Sơn Phúc Quang Thắng Đức Bảo Khánh Hải Trung Việt",
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đoàn Mạc",
        double=0.0,
        second=0.75,
        family_first=True,
    ),
    "indonesian": _culture(
        "Siti Dewi Sri Ratna Putri Wulan Ayu Kartika Indah Lestari Fitri Nurul Yanti Suharti Melati Intan",
        "Budi Agus Eko Joko Bambang Hendra Rizky Slamet Wahyu Yusuf Dimas Arif Teguh Sukarno Gilang Putu",
        "Santoso Wijaya Pratama Saputra Hidayat Kusuma Nugroho Setiawan Gunawan Hartono Susanto Siregar Nasution "
        "Simanjuntak Wibowo Utami Rahayu Permata Suryadi Handayani Halim Tanjung",
        second=0.3,
        double=0.05,
        single=0.18,
        joiner=" ",
    ),
    "yoruba": _culture(
        "Adébọ́lá Fọláṣadé Yétúndé Títílayọ̀ Abímbọ́lá Ọmọ́túndé Simisola Ayọ̀mídé Kẹ́hìndé Bùkọ́lá Temitope Damilola",
        "Adéwálé Olúwaseun Babátúndé Táíwò Ọlákúnlé Fẹ́mi Ṣẹ́gun Kúnlé Dàpọ̀ Tunde Gbenga Rotimi",
        "Adébáyọ̀ Ògúnlẹ́yẹ Akíntọ́lá Ọláwálé Adéyẹmí Ayọ̀délé Fálànà Bánkọ́lé Ọlátúnjí Ọ̀ṣúnkọ́yà Adélékè Àkànní "
        "Babalola Ogundipe Oyelaran Sowande",
    ),
    "igbo": _culture(
        "Chioma Ngozi Adaeze Ifeoma Nkechi Obioma Amarachi Uchenna Chidinma Ezinne Kosisochukwu Nneka",
        "Emeka Chinedu Obinna Ikenna Chukwudi Uche Kelechi Nnamdi Ifeanyi Okechukwu Somto Azubuike",
        "Okafor Okonkwo Eze Nwosu Obi Nwachukwu Okoye Onyekachi Anyanwu Ibe Uzoma Chukwu Ndukwe Ezenwa Iwu Nwabueze",
    ),
    "swahili": _culture(
        "Amina Neema Zawadi Imani Furaha Rehema Wanjiru Achieng Njeri Akinyi Halima Subira Tumaini Baraka",
        "Juma Hamisi Baraka Kamau Otieno Mwangi Kiprono Ochieng Rashidi Salim Daudi Jabali Kipchumba Simba",
        "Mwangi Kamau Otieno Odhiambo Kimani Njoroge Wambui Mutua Musyoka Kiptoo Cheruiyot Mushi Mwakasege Kibwana "
        "Omondi Wafula Barasa Ndegwa Karanja Mrema",
    ),
    "amharic": _culture(
        "Tigist=ትዕግስት Selam=ሰላም Hiwot=ሕይወት Almaz=አልማዝ Meseret=መሠረት Bethlehem=ቤተልሔም Genet=ገነት Aster=አስቴር Mulu=ሙሉ "
        "Hana=ሐና",
        "Abebe=አበበ Dawit=ዳዊት Tesfaye=ተስፋዬ Yonas=ዮናስ Getachew=ጌታቸው Bekele=በቀለ Solomon=ሰለሞን Haile=ኃይሌ Mulugeta=ሙሉጌታ "
        "Girma=ግርማ",
        # A father's given name stands where others have a family name.
        "Bekele=በቀለ Tesfaye=ተስፋዬ Abebe=አበበ Kebede=ከበደ Alemu=አለሙ Girma=ግርማ Haile=ኃይሌ Desta=ደስታ Tadesse=ታደሰ "
        "Mekonnen=መኮንን Wolde=ወልዴ Assefa=አሰፋ Demissie=ደምሴ Negash=ነጋሽ Worku=ወርቁ Yohannes=ዮሐንስ",
        double=0.12,
        joiner=" ",
        native_join=" ",
    ),
    "greek": _culture(
        "Maria=Μαρία Eleni=Ελένη Katerina=Κατερίνα Sofia=Σοφία Georgia=Γεωργία Despina=Δέσποινα Ioanna=Ιωάννα "
        "Athina=Αθηνά Zoi=Ζωή Foteini=Φωτεινή Chrysa=Χρύσα Danai=Δανάη",
        "Giorgos=Γιώργος Dimitris=Δημήτρης Kostas=Κώστας Nikos=Νίκος Yannis=Γιάννης Panagiotis=Παναγιώτης "
        "Vasilis=Βασίλης Thanasis=Θανάσης Stavros=Σταύρος Petros=Πέτρος Manolis=Μανώλης Spyros=Σπύρος",
        "Papadopoulos/Papadopoulou=Παπαδόπουλος/Παπαδοπούλου Nikolaidis/Nikolaidou=Νικολαΐδης/Νικολαΐδου "
        "Georgiou=Γεωργίου Ioannou=Ιωάννου Vlachos/Vlachou=Βλάχος/Βλάχου Oikonomou=Οικονόμου "
        "Karagiannis/Karagianni=Καραγιάννης/Καραγιάννη Makris/Makri=Μακρής/Μακρή Dimitriou=Δημητρίου "
        "Alexiou=Αλεξίου Samaras/Samara=Σαμαράς/Σαμαρά Antoniou=Αντωνίου Pappas/Pappa=Παππάς/Παππά "
        "Kalogeras/Kalogera=Καλογεράς/Καλογερά Stathopoulos/Stathopoulou=Σταθόπουλος/Σταθοπούλου Xenakis/Xenaki"
        "=Ξενάκης/Ξενάκη",
        native_join=" ",
    ),
    "ukrainian": _culture(
        "Olena=Олена Oksana=Оксана Iryna=Ірина Natalia=Наталія Yulia=Юлія Kateryna=Катерина Svitlana=Світлана "
        "Halyna=Галина Lesia=Леся Solomiia=Соломія Tetiana=Тетяна Daryna=Дарина Liudmyla=Людмила Zoriana=Зоряна",
        "Oleksandr=Олександр Andrii=Андрій Mykola=Микола Serhii=Сергій Taras=Тарас Bohdan=Богдан Volodymyr=Володимир "
        "Dmytro=Дмитро Ivan=Іван Petro=Петро Yurii=Юрій Ostap=Остап Maksym=Максим Vasyl=Василь",
        "Shevchenko=Шевченко Kovalenko=Коваленко Bondarenko=Бондаренко Tkachenko=Ткаченко Kravchenko=Кравченко "
        "Oliinyk=Олійник Koval=Коваль Melnyk=Мельник Lysenko=Лисенко Moroz=Мороз Savchenko=Савченко Petrenko=Петренко "
        "Hrytsenko=Гриценко Kovalskyi/Kovalska=Ковальський/Ковальська Levytskyi/Levytska=Левицький/Левицька "
        "Zakharchuk=Захарчук Romaniuk=Романюк Pavliuk=Павлюк Didenko=Діденко Vovk=Вовк Horbach=Горбач Yatsenko=Яценко",
        native_join=" ",
    ),
}

"""Names that people bear, by where they are borne. Nobody in particular is meant."""

import random
import unicodedata
from dataclasses import dataclass

# culture: (given names, family names).
POOLS = {
    "english": (
        "Grace Owen Harriet Callum Naomi Isaac Tessa Gareth Imogen Reuben Marjorie Desmond Alice Walter Joanna Elliot",
        "O'Brien Whitfield Ashworth Ngata McAllister Thornbury Fairweather Pemberton Lockhart Hollis Sinclair Redfern "
        "Hathaway Winslow Castellane Birdsong",
    ),
    "spanish": (
        "María-José Joaquín Lucía Andrés Inés Íñigo Ximena Rubén Pilar Gonzalo Noemí Álvaro Belén Matías",
        "Fernández Núñez Quispe Iturbe Valdés Peñalosa Arriaga Zúñiga Restrepo Mamani Castañeda Ibáñez Olmedo Huamán",
    ),
    "portuguese": (
        "João Conceição Tiago Luísa Caetano Beatriz Antônio Iracema Otávio Marília",
        "Gonçalves Assunção Magalhães Brandão Taveira Falcão Pacheco Guimarães Simões Lobato",
    ),
    "french": (
        "Mathilde Benoît Aurélie Rémi Ségolène Étienne Capucine Loïc Chloé Yannick",
        "Lefèvre Beauséjour N'Guessan Delacroix Thibodeau Rakotondrabe Pélissier Gagné Hervé Mbarga",
    ),
    "german": (
        "Jürgen Annegret Matthias Käthe Lukas Sieglinde Götz Friederike Benedikt Ursula",
        "Müller-Lüdenscheidt Brandstätter Größing Oberhuber Weiß Schönfelder Kühne Zimmerli Böhm Steinegger",
    ),
    "dutch": (
        "Maartje Joost Femke Sjoerd Lieke Wouter Anouk Gijs Hilde Pieter",
        "de-Vries van-der-Meer Hoekstra 't-Hooft Verbeke ter-Horst Zijlstra van-den-Broeck Oosterhuis Claes",
    ),
    "nordic": (
        "Åse Bjørn Signe Torbjörn Maiju Þórdís Rasmus Øyvind Eeva Göran",
        "Sæther Lindqvist Ægisson Nyström Virtanen Kjærgaard Ødegård Holmström Mäkinen Strøm",
    ),
    "slavic": (
        "Łukasz Zdeněk Mirjana Božena Jarosław Vesna Grzegorz Štěpán Ivana Radovan",
        "Żółkiewski Dvořák Kovačević Wójcik Růžička Petrović Śliwa Horváthová Stojanović Čapek",
    ),
    "italian": (
        "Chiara Niccolò Donatella Ruggero Fiorella Ettore Noemi Salvatore",
        "D'Angelo Bellandi Fabbri Coccò Dell'Acqua Zanetti Lo-Presti Marchesini",
    ),
    "turkish": (
        "Çağla Oğuz Gülşen Emre İpek Şükrü Defne Barış",
        "Yıldırım Öztürk Çelik Güneş Kılıç Işık Şahin Aydoğan",
    ),
    "arabic": (
        "Leila Hamza Nadia Youssef Samira Tariq Amal Khaled Rania Idris",
        "Benchekroun Al-Masri El-Idrissi Haddad Bouazizi Al-Tamimi Khoury Ben-Salah Mansour Darwish",
    ),
    "persian": ("Shirin Kaveh Parisa Farhad Nasrin Behrouz", "Rostami Ahmadzadeh Golestani Tehrani Mirzaei Sohrabi"),
    "indian": (
        "Ananya Ravi Meenakshi Arjun Sunita Imran Lakshmi Vikram Farzana Tenzin",
        "Krishnamurthy Iyer Bandyopadhyay Rao Chowdhury Venkataraman Gurung Perera Subramaniam Siddiqui",
    ),
    "chinese": (
        "Wei Xiaoming Yulan Jun Mei Lihua Zhiqiang Ying Haoran Fang",
        "Li Zhang Ouyang Chen Xu Lin Zhou Ng Huang Tsai",
    ),
    "japanese": (
        "Mika Haruto Yōko Kenji Sakura Tetsuya Ayumi Shōta",
        "Tanaka Ōmori Kobayashi Yamashita Fujiwara Ishiguro Satō Nakagawa",
    ),
    "korean": ("Min-jun Seo-yeon Ji-hoon Ha-eun Sung-min Yu-na", "Kim Park Choi Jeong Namgung Kang"),
    "vietnamese": (
        "Minh-Khai Thu-Hà Quang-Huy Bích-Ngọc Đức-Anh Lan-Hương",
        "Nguyễn-Thị Trần-Văn Lê-Thị Phạm-Hữu Đặng-Thị Võ-Văn",
    ),
    "malay": (
        "Putri Agus Dewi Budi Siti Rizal Wayan Nurul",
        "Wulandari Santoso Hutapea binti-Rahman Simanjuntak Kusuma Siregar bin-Ismail",
    ),
    "greek": ("Eleni Dimitris Katerina Giorgos Foteini Spyros", "Papadopoulos Vlachos Economou Karagiannis Samaras"),
    "hebrew": ("Noa Amit Shira Yonatan Tamar Eyal", "Levi Ben-Ami Shapira Mizrahi Carmeli"),
    "thai": ("Somchai Malee Niran Kanya Anong Prasert", "Jaidee Srisuk Wongsakul Thongchai Rattanakosin"),
    "african": (
        "Amara Kwame Thandiwe Chidi Wanjiru Tendai Folasade Kofi Nomvula Baraka Zawadi Abebe",
        "Okafor Mokoena Mensah Kamau Adéyẹmí Moyo Boateng Nakimuli Dlamini Tesfaye Mwangi Owusu",
    ),
    "pacific": (
        "Hinemoa Tāne Mereana Sione Litia Wiremu Salote Rewi",
        "Parata Tūhoe Fonoti Waqanivalu Te-Rangi Kāretu Taufa Ngāpuhi",
    ),
}
TWO_FAMILY_NAMES = {"spanish", "portuguese"}
FAMILY_FIRST = {"vietnamese"}

# (name, letters for the address, country): what a form must take, whether or not a pool has it.
SPECIAL = [
    ("María-José Fernández de la Cruz", "mariajose.fernandez", "ES"),
    ("Nguyễn Thị Minh Khai", "nguyen.minhkhai", "VN"),
    ("Siobhán O'Brien", "siobhan.obrien", "IE"),
    ("Christopher Null", "christopher.null", "US"),
    ("Wulandari", "wulandari", "ID"),
    ("ليلى حسن المصري", "layla.almasri", "JO"),
    ("王秀英", "wang.xiuying", "CN"),
    ("佐藤 美咲", "sato.misaki", "JP"),
    ("김민준", "kim.minjun", "KR"),
    ("Олена Шевченко", "olena.shevchenko", "UA"),
    ("Ελένη Παπαδοπούλου", "eleni.papadopoulou", "GR"),
    ("נועה לוי", "noa.levi", "IL"),
    ("अनिता शर्मा", "anita.sharma", "IN"),
    ("สมชาย ใจดี", "somchai.jaidee", "TH"),
    ("ሰላም በቀለ", "selam.bekele", "ET"),
    ("Anne-Charlotte Wilhelmina Elisabeth van Bronckhorst-Schimmelveen tot Oosterwijtwerd", "annecharlotte.vb", "NL"),
    ("Xu Li", "xu.li", "TW"),
    ("Þórdís Ægisdóttir", "thordis.aegisdottir", "IS"),
]
FOLDED = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d"})


@dataclass(frozen=True)
class Named:
    """A name as its bearer writes it, and the letters it lends to an e-mail address."""

    name: str
    letters: str


def draw(rng: random.Random, culture: str) -> Named:
    """Draw a name that ``culture`` could have given."""
    given, family = (rng.choice(pool.split()) for pool in POOLS[culture])
    family = family.replace("-", " ") if culture in {"dutch", "vietnamese", "malay", "italian"} else family
    given = given.replace("-", " ") if culture == "vietnamese" else given
    if culture in TWO_FAMILY_NAMES:
        family = f"{family} {rng.choice(POOLS[culture][1].split())}"
    if culture == "malay" and rng.random() < 0.15:
        return Named(given, letters(given))
    name = f"{family} {given}" if culture in FAMILY_FIRST else f"{given} {family}"
    return Named(name, f"{letters(given)}.{letters(family.split()[-1])}")


def letters(text: str) -> str:
    """Fold ``text`` to the plain letters that an e-mail address of most people is made of."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(FOLDED))
    return "".join(sign for sign in folded if sign.isascii() and sign.isalnum())

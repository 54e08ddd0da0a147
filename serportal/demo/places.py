"""Countries with a town, a time zone and a way of naming; organisations that do not exist."""

import random

from django_countries import countries

# country: (culture of names, time zone, towns)
COUNTRIES = {
    "US": ("english", "America/Chicago", "Madison, Tucson, Missoula, Asheville"),
    "CA": ("english", "America/Vancouver", "Victoria, Guelph, Whitehorse"),
    "AU": ("english", "Australia/Perth", "Perth, Hobart, Cairns"),
    "GB": ("english", "Europe/London", "Inverness, Norwich, Bangor"),
    "NL": ("dutch", "Europe/Amsterdam", "Groningen, Assen, Nijmegen"),
    "BR": ("portuguese", "America/Sao_Paulo", "Piracicaba, Manaus, Recife"),
    "MX": ("spanish", "America/Mexico_City", "Morelia, Oaxaca, La Paz"),
    "NZ": ("pacific", "Pacific/Auckland", "Nelson, Rotorua"),
    "IN": ("indian", "Asia/Kolkata", "Mysuru, Shillong"),
    "CO": ("spanish", "America/Bogota", "Manizales, Leticia"),
    "ZA": ("african", "Africa/Johannesburg", "Makhanda, Stellenbosch"),
    "KE": ("african", "Africa/Nairobi", "Naivasha, Kilifi"),
    "DE": ("german", "Europe/Berlin", "Greifswald, Freising"),
    "FR": ("french", "Europe/Paris", "Montpellier, Rennes"),
    "ES": ("spanish", "Europe/Madrid", "Huelva, Lleida"),
    "CL": ("spanish", "America/Santiago", "Valdivia, Concepción"),
    "AR": ("spanish", "America/Argentina/Buenos_Aires", "Bariloche, Corrientes"),
    "PE": ("spanish", "America/Lima", "Cusco, Iquitos"),
    "EC": ("spanish", "America/Guayaquil", "Loja, Cuenca"),
    "CR": ("spanish", "America/Costa_Rica", "Turrialba, Liberia"),
    "PT": ("portuguese", "Europe/Lisbon", "Évora, Aveiro"),
    "IT": ("italian", "Europe/Rome", "Ravenna, Trento"),
    "CH": ("german", "Europe/Zurich", "Wädenswil, Chur"),
    "AT": ("german", "Europe/Vienna", "Klagenfurt, Leoben"),
    "BE": ("dutch", "Europe/Brussels", "Ghent, Namur"),
    "DK": ("nordic", "Europe/Copenhagen", "Silkeborg, Ribe"),
    "SE": ("nordic", "Europe/Stockholm", "Umeå, Kristianstad"),
    "NO": ("nordic", "Europe/Oslo", "Ås, Tromsø"),
    "FI": ("nordic", "Europe/Helsinki", "Joensuu, Turku"),
    "IS": ("nordic", "Atlantic/Reykjavik", "Hella, Akureyri"),
    "IE": ("english", "Europe/Dublin", "Athlone, Sligo"),
    "PL": ("slavic", "Europe/Warsaw", "Białystok, Goniądz"),
    "CZ": ("slavic", "Europe/Prague", "Třeboň, Brno"),
    "HR": ("slavic", "Europe/Zagreb", "Osijek, Zadar"),
    "RS": ("slavic", "Europe/Belgrade", "Novi Sad, Sombor"),
    "UA": ("slavic", "Europe/Kyiv", "Lviv, Izmail"),
    "GR": ("greek", "Europe/Athens", "Ioannina, Kavala"),
    "TR": ("turkish", "Europe/Istanbul", "Muğla, Konya"),
    "IL": ("hebrew", "Asia/Jerusalem", "Haifa"),
    "JO": ("arabic", "Asia/Amman", "Azraq, Madaba"),
    "MA": ("arabic", "Africa/Casablanca", "Ifrane, Agadir"),
    "TN": ("arabic", "Africa/Tunis", "Gabès, Sfax"),
    "EG": ("arabic", "Africa/Cairo", "Damietta, Aswan"),
    "IR": ("persian", "Asia/Tehran", "Urmia, Gorgan"),
    "NP": ("indian", "Asia/Kathmandu", "Pokhara"),
    "LK": ("indian", "Asia/Colombo", "Kandy, Puttalam"),
    "BD": ("indian", "Asia/Dhaka", "Khulna"),
    "CN": ("chinese", "Asia/Shanghai", "Kunming, Yancheng"),
    "TW": ("chinese", "Asia/Taipei", "Tainan, Hualien"),
    "SG": ("chinese", "Asia/Singapore", "Singapore"),
    "JP": ("japanese", "Asia/Tokyo", "Kushiro, Tokushima"),
    "KR": ("korean", "Asia/Seoul", "Suncheon, Jeju"),
    "VN": ("vietnamese", "Asia/Ho_Chi_Minh", "Cần Thơ, Huế"),
    "TH": ("thai", "Asia/Bangkok", "Chiang Mai, Krabi"),
    "ID": ("malay", "Asia/Makassar", "Palangka Raya, Denpasar"),
    "MY": ("malay", "Asia/Kuala_Lumpur", "Kuching, Kota Kinabalu"),
    "PH": ("spanish", "Asia/Manila", "Los Baños, Tacloban"),
    "GH": ("african", "Africa/Accra", "Kumasi, Keta"),
    "NG": ("african", "Africa/Lagos", "Ibadan, Calabar"),
    "ET": ("african", "Africa/Addis_Ababa", "Bahir Dar, Mekelle"),
    "UG": ("african", "Africa/Kampala", "Mbarara, Jinja"),
    "TZ": ("african", "Africa/Dar_es_Salaam", "Morogoro, Tanga"),
    "ZW": ("african", "Africa/Harare", "Mutare"),
    "MG": ("french", "Indian/Antananarivo", "Fianarantsoa"),
    "CM": ("french", "Africa/Douala", "Limbe"),
    "FJ": ("pacific", "Pacific/Fiji", "Labasa"),
}
# The first this many hold most certificants; every other country has some.
WELL_KNOWN = 14

BEGINNINGS = """Alderbrook Heronmere Saltfen Thornwick Marrowdale Quillback Ostermoor Larkspur Fernhollow Greywater
Silvertarn Windrush Cinderfell Mosshaven Otterholt Sedgeley Bramblecoast Kestrelford Tidewrack Dunlin Willowmarsh
Peatstone Copperleaf Riverbend Gullwing Stonecrop Yarrowfield Mistlethrush""".split()  # noqa: SIM905 - a word list reads better as words
ENDINGS = ["Ecology", "Land Trust", "Conservancy", "Catchment Authority", "Restoration Partners", "Field Institute",
           "Consulting", "Native Seeds", "Watershed Council", "University", "Rewilding Cooperative",
           "Environmental"]  # fmt: skip
TITLES = ["Restoration ecologist", "Project manager", "Senior ecologist", "Lecturer", "Wetland scientist", "Ranger",
          "Head of field programmes", "Seed bank curator", "Hydrologist", "Landscape architect", ""]  # fmt: skip


def employer(rng: random.Random) -> str:
    """Draw an organisation that does not exist; one person in nine works for themselves."""
    return "" if rng.random() < 0.11 else f"{rng.choice(BEGINNINGS)} {rng.choice(ENDINGS)}"


def place(rng: random.Random) -> str:
    """Draw a town and its country, as someone would type them."""
    country = rng.choice(list(COUNTRIES))
    return f"{rng.choice(COUNTRIES[country][2].split(', '))}, {countries.name(country)}"

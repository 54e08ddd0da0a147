"""What applicants tell of themselves: degrees, courses, work and projects, as they would type them."""

from dataclasses import dataclass
from datetime import date

from applications.states import Phase

UNITS = {"semester": 1, "ects": 2, "quarter": 1.5}
# title, course number, where it counts, semester credits
COURSES = [
    ("Plant ecology", "BIO 214", "biological.ecology", 5),
    ("Community and landscape ecology", "BIO 331", "biological.ecology", 5),
    ("Botany and plant systematics", "BIO 120", "biological", 5),
    ("Soil science", "GEO 205", "physical.earth", 4),
    ("Hydrology and water quality", "GEO 310", "physical.earth", 4),
    ("General chemistry", "CHE 101", "physical", 3.5),
    ("Physics for the life sciences", "PHY 104", "physical", 3.5),
    ("Conservation biology", "ENV 240", "resource.ecological", 4),
    ("Environmental law and policy", "ENV 262", "resource.human", 4),
    ("Land and catchment management", "ENV 318", "resource", 4),
    ("Statistics and design of experiments", "STA 220", "quantitative", 5),
    ("GIS and remote sensing", "GEO 341", "quantitative", 4),
    ("Restoration ecology", "ENV 410", "restoration", 5),
    ("Restoration in practice: a project year", "ENV 460", "restoration", 7),
]
PHASES = {"v": Phase.INVENTORY, "p": Phase.PLANNING, "i": Phase.IMPLEMENTATION, "m": Phase.MONITORING}


@dataclass(frozen=True)
class Project:
    """A project; ``years`` counts back from this year, ``phases`` are letters of ``PHASES``."""

    title: str
    place: str
    ecosystem: str
    size: str
    role: str
    years: int
    phases: str
    narrative: str
    outcome: str


@dataclass(frozen=True)
class Dossier:
    """One applicant’s school, ``jobs`` (employer, title, from and until how many years ago, percent, duties),
     projects.

    ``lacks`` names courses that this school did not teach them.
    """

    school: str
    field: str
    unit: str
    graduated: int
    jobs: tuple[tuple[str, str, int, int, int, str], ...]
    projects: tuple[Project, ...]
    statement: str = ""
    lacks: tuple[str, ...] = ()


def degree_rows(one: Dossier, country: str, today: date) -> list[dict]:
    return [
        {
            "institution": one.school,
            "country": country,
            "degree": "BSc" if one.unit == "quarter" else "MSc",
            "field": one.field,
            "year": str(today.year - one.graduated),
        }
    ]


def course_rows(one: Dossier, today: date) -> list[dict]:
    begun = today.year - one.graduated - 4
    return [
        {
            "title": title,
            "code": code,
            "institution": one.school,
            "term": f"{'Spring' if n % 2 else 'Autumn'} {begun + n // 4}",
            "unit": one.unit,
            "credits": f"{credits * UNITS[one.unit]:g}",
            "grade": "ABBAACB"[n % 7],
            "passed": "yes",
            "area1": area,
        }
        for n, (title, code, area, credits) in enumerate(COURSES)
        if title not in one.lacks
    ]


def job_rows(one: Dossier, today: date, supervisor: str) -> list[dict]:
    return [
        {
            "employer": employer,
            "title": title,
            "first_day": f"{today.year - begun}-03-01",
            "last_day": f"{today.year - ended}-02-15" if ended else "",
            "weekly_hours": "40",
            "restoration": str(percent),
            "supervisor": supervisor,
            "contact": "office@employers.example",
            "duties": duties,
        }
        for employer, title, begun, ended, percent, duties in one.jobs
    ]


def project_rows(one: Dossier, today: date, verifier: str) -> list[dict]:
    return [
        {
            "title": each.title,
            "place": each.place,
            "ecosystem": each.ecosystem,
            "first_day": f"{today.year - each.years}-04-01",
            "size": each.size,
            "role": each.role,
            "phases": [PHASES[letter].value for letter in each.phases],
            "narrative": each.narrative,
            "outcome": each.outcome,
            "verifier": verifier,
        }
        for each in one.projects
    ]


P = Project
DOSSIERS = {
    "aapa mire": Dossier(
        "University of Silvertarn", "Environmental biology", "ects", 9,
        (("Metsähallinto Contractors", "Field assistant", 8, 6, 80,
         "Set out dams and dipwells on drained mires, and kept the machines to the line."),
         ("Alderbrook Ecology", "Restoration ecologist", 6, 0, 90,
          "Plan, supervise and monitor the rewetting of forestry-drained peatland for municipalities and "
          "landowners.")),
        (P("Rewetting of the Haukisuo aapa mire", "Kuusamo, Finland", "aapa mire", "310 hectares", "Project lead", 5,
         "vpi",
           "Mapped ditches and peat depth, modelled where water would spread, then filled 21 kilometres of ditches "
           "with an excavator crew of four. I wrote the plan and stood on site for nine weeks.",
           "Water stood within 12 cm of the surface in 41 of 48 dipwells after two years; no neighbour’s field was "
           "flooded."),
         P("Spruce removal on the Pikkulampi fens", "Joensuu, Finland", "rich fen", "44 hectares", "Planner", 4, "pi",
           "Chose which trees to take so that the orchids kept their shade for the first summers. Two contractors, "
           "one winter.",
           "Cover of brown mosses rose from a tenth to a third in three years.")),
        "I have blocked more ditches than I can count, and want to be held to a standard that is not only my "
        "employer’s.",
    ),
    "paramo": Dossier(
        "Universidad Andina de los Páramos", "Environmental engineering", "semester", 8,
        (("Fundación Agua Alta", "Field technician", 7, 4, 100,
         "Ran the nursery of native shrubs and the planting crews above 3,400 metres."),
         ("Cuenca Viva", "Restoration coordinator", 4, 0, 85,
          "Coordinate páramo restoration with four communities that share one catchment.")),
        (P("Cushion bogs of Cayapata", "Cotopaxi, Ecuador", "páramo wetland", "62 hectares", "Coordinator", 4, "vpi",
           "With the community we closed 3 km of drains dug for potato plots and fenced the springs. I ran the "
           "inventory and the agreements, family by family.",
           "The springs kept flowing through the dry months of the third year, which they had not for ten."),
         P("Polylepis corridors", "Pichincha, Ecuador", "Polylepis woodland", "28 hectares",
          "Nursery and planting lead", 6, "pi",
           "Raised 31,000 seedlings of two species from local seed and planted them along the old walls where they "
           "meet least frost.",
           "Seven of ten were alive after four winters."),
         P("Grazing rest on the Antisana slopes", "Napo, Ecuador", "tussock grassland", "540 hectares",
          "Monitoring lead", 3, "m",
           "Set forty plots with the herders, half rested and half grazed, and measured them each dry season.",
           "Bare ground fell from 30 to 11 percent on rested land; the herders chose to extend the rest.")),
    ),
    "papyrus": Dossier(
        "Lakeshore University of Kampala", "Wetland management", "semester", 10,
        (("Nile Basin Wetlands Office", "Wetland officer", 9, 5, 60,
         "Inspected wetlands and wrote the plans by which encroached ones were given back."),
         ("Papyrus Commons Uganda", "Programme manager", 5, 0, 95,
          "Lead the restoration of papyrus and swamp forest with fishing and farming groups.")),
        (P("Papyrus fringe of the Nakivubo channel", "Kampala, Uganda", "papyrus swamp", "85 hectares",
         "Programme manager", 5, "vpi",
           "Agreed new borders with 214 gardeners, broke the drains, and planted papyrus rhizomes from the lake side "
           "inwards.",
           "Nutrients in the outflow fell by two fifths within three rainy seasons."),
         P("Swamp forest at Sango Bay", "Rakai, Uganda", "swamp forest", "120 hectares", "Planner", 4, "pm",
           "Marked the logging tracks that had become drains, chose which to close first, and trained the forest "
           "committee to count seedlings.",
           "Podocarpus seedlings are back along two thirds of the closed tracks."),
         P("Reed filters for Mbarara", "Mbarara, Uganda", "riparian wetland", "9 hectares", "Designer", 3, "pi",
           "Designed a chain of three basins after the lie of the old oxbows, and supervised the earthworks.",
           "Fishers report tilapia in the lower basin again.")),
        "Wetlands here are given back by people who gain from them. I would like that work to be recognised.",
    ),
    "kauri": Dossier(
        "University of the Southern Alps", "Ecology", "semester", 12,
        (("Te Roroa Restoration", "Ranger", 11, 7, 75, "Weeds, goats, tracks and the first monitoring plots of the "
                                                       "programme."),
         ("Tāmaki Catchment Authority", "Senior ecologist", 7, 0, 80,
          "Design and supervise restoration in nine catchments with iwi partners.")),
        (P("Mauri of the Waipapa stream", "Northland, New Zealand", "lowland stream", "14 km of banks",
         "Design lead", 6, "vpim",
           "Walked the stream with kaumātua, agreed what should return, then retired the banks and planted in three "
           "belts. I led design and the fish counts.",
           "Inanga spawn again at two places named in the old stories."),
         P("Kauri dieback quarantine plantings", "Waipoua, New Zealand", "kauri forest", "37 hectares",
          "Project lead", 5, "pi",
           "Closed and replanted 4 km of track so that nobody walks on roots; every plant from seed collected inside "
           "the forest.",
           "No new infected tree within 50 metres of the closed track since."),
         P("Whangateau salt marsh", "Auckland, New Zealand", "salt marsh", "22 hectares", "Ecologist", 3, "vm",
           "Surveyed levels and vegetation before two causeways were opened, and measured sediment twice a year "
           "after.",
           "Glasswort took the lower third in two seasons.")),
    ),
    "sweetgum": Dossier(
        "Ege Technical University", "Forest engineering", "ects", 11,
        (("General Directorate of Coastal Forests", "Forest engineer", 10, 6, 55,
         "Planned thinning and planting in riparian forests of the south-west."),
         ("Anadolu Restorasyon", "Restoration manager", 6, 0, 90,
          "Manage projects in sweetgum forest and coastal dunes.")),
        (P("Sweetgum forests of Köyceğiz", "Muğla, Türkiye", "sweetgum floodplain forest", "96 hectares",
         "Project manager", 6, "vpi",
           "Bought back citrus plots between two remnants, reopened the flood channel and planted sweetgum of local "
           "seed at wide spacing.",
           "Winter floods reach the whole stand; survival after four years is 71 percent."),
         P("Patara dunes", "Antalya, Türkiye", "coastal dune", "130 hectares", "Planner", 4, "pim",
           "Took out acacia in strips so that the sand would move slowly, and planted marram and sea daffodil behind "
           "the fences.",
           "Turtles nested on the freed strip in the third summer."),
         P("Gediz delta salt steppe", "İzmir, Türkiye", "salt steppe", "240 hectares", "Monitoring", 2, "m",
           "Set the transects and trained the rangers; wrote the first two reports.",
           "The plots show recovery where grazing stopped, and none where only water was added.")),
    ),
    "mangrove": Dossier(
        "Université du Littoral", "Aquatic ecology", "ects", 7,
        (("Réserve de Mouanko", "Éco-garde", 6, 3, 70, "Patrols, bird counts, and the nursery of the reserve."),
         ("Mangrove Action Wouri", "Chargé de projet", 3, 0, 100,
          "Lead the reopening of creeks in cut mangrove with three villages.")),
        (P("Creeks of Manoka island", "Wouri estuary, Cameroon", "mangrove", "54 hectares", "Project officer", 3, "pi",
           "Dug back six creeks by hand where they had been closed for smoking wood, and let the seedlings come by "
           "themselves.",
           "Eleven seedlings a square metre in the second year; nothing was planted."),
         P("Fuel-saving stoves against cutting", "Wouri estuary, Cameroon", "mangrove", "3 villages",
          "Project officer", 2, "i",
           "Built 180 stoves with the women who smoke fish and counted the wood they used.",
           "They use a third less wood."),
         P("Birds of the reopened creeks", "Mouanko, Cameroon", "mangrove", "12 count points", "Observer", 5, "m",
           "Counted birds at low water each month for three years.",
           "Kingfishers came back first.")),
        lacks=("Statistics and design of experiments", "Physics for the life sciences"),
    ),
    "satoyama": Dossier(
        "Kitamura University", "Landscape architecture", "semester", 6,
        (("Satoyama Works", "Landscape planner", 5, 0, 60, "Plan and supervise the care of coppice, ponds and "
                                                           "terraces given up by farmers."),),
        (P("Terraces of Hoshitoge", "Niigata, Japan", "wet terraces", "11 hectares", "Planner", 4, "pi",
           "Rebuilt nine terraces with their ponds and brought the water back by the old channel.",
           "Oriental storks feed on four of them."),
         P("Coppice of Kurokawa", "Hyōgo, Japan", "oak coppice", "26 hectares", "Planner", 3, "vp",
           "Recorded flora before and after the first cut of forty years, and drew up the cutting cycle.",
           "Katakuri lilies flowered on the second spring’s plots.")),
        "I came to restoration from design, and miss some of the science. I ask where I stand.",
        lacks=("Hydrology and water quality", "General chemistry"),
    ),
    "reef flat": Dossier(
        "University of the Lagoon", "Marine science", "semester", 13,
        (("Lomaiviti Fisheries", "Fisheries officer", 12, 8, 50,
         "Set up closed areas with villages, and counted what came back."),
         ("Vanua Restoration Trust", "Head of field programmes", 8, 0, 90,
          "Lead restoration from ridge to reef on four islands.")),
        (P("Ridge to reef on Gau", "Lomaiviti, Fiji", "stream, mangrove and reef flat", "three catchments",
         "Programme head", 7, "vpim",
           "Planned from the ridge down with the chiefs: first fire breaks and replanted gullies, then mangrove, "
           "then the closed reef. I led each step and the yearly count.",
           "Sediment on the reef flat halved; rabbitfish are caught from the shore again."),
         P("Vetiver and native trees in burnt gullies", "Vanua Levu, Fiji", "dry forest", "70 hectares",
          "Design lead", 5, "pi",
           "Held the gullies with vetiver and set nokonoko and sandalwood behind it.",
           "Four of five gullies stopped growing in three years."),
         P("Seagrass of Nasese", "Suva, Fiji", "seagrass meadow", "6 hectares", "Ecologist", 3, "im",
           "Moved cores from a bank that was to be dredged, and compared three ways of holding them.",
           "Coconut-fibre mats held two thirds through a cyclone.")),
    ),
    "chalk grassland": Dossier(
        "Downland University", "Countryside management", "semester", 5,
        (("Bramble & Sons Landscapes", "Estimator", 4, 0, 40,
         "Price planting and maintenance contracts for housing estates, some of them with meadows."),),
        (P("Wildflower verges of Larkspur Rise", "Kent, United Kingdom", "road verge", "2 hectares", "Estimator", 3,
         "i",
           "Priced and ordered the seed, and inspected the sowing.",
           "It flowered well in the first year."),
         P("Pond at Greywater Court", "Kent, United Kingdom", "pond", "0.1 hectares", "Estimator", 2, "i",
           "Ordered the liner and the plants.",
           "The pond holds water."),
         P("Hedgerow planting, junction 9", "Surrey, United Kingdom", "hedgerow", "1.2 km", "Estimator", 1, "i",
           "Planned deliveries and checked numbers.",
           "Most whips were alive in autumn.")),
    ),
    "peat swamp": Dossier(
        "Universitas Rimba Raya", "Forestry", "semester", 9,
        (("Sebangau Park Partnership", "Field supervisor", 8, 4, 90, "Supervised canal blocking and fire patrols."),
         ("Yayasan Gambut Lestari", "Hydrology lead", 4, 0, 100,
          "Lead canal blocking and the water-table network of three districts.")),
        (P("Canal blocks of Block C", "Palangka Raya, Indonesia", "peat swamp forest", "1,900 hectares",
         "Hydrology lead", 4, "vpi",
           "Placed 64 dams after a year of readings, built with village crews and timber already cut.",
           "No fire crossed the blocked canals in the dry year that followed."),
         P("Seedling islands", "Pulang Pisau, Indonesia", "peat swamp forest", "75 hectares", "Field supervisor", 6,
          "i",
           "Planted clumps of jelutung and belangeran on the highest ground and left the rest to the birds.",
           "After five years the clumps have doubled in width."),
         P("Water-table network", "Central Kalimantan, Indonesia", "peat swamp forest", "212 wells",
          "Hydrology lead", 3, "m",
           "Trained readers in eleven villages and published each month’s map on the village boards.",
           "Alarms now reach the fire crews two weeks earlier.")),
    ),
    "bofedal": Dossier(
        "Universidad del Altiplano Sur", "Agronomy", "semester", 4,
        (("Puna Verde Cooperative", "Project assistant", 4, 0, 70,
         "Keep the records of bofedal projects and help to lay out channels with the herders."),),
        (P("Bofedales of Lagunillas", "Cusco, Peru", "high Andean bofedal", "38 hectares", "Project assistant", 3,
         "vi",
           "Measured water tables before and after new channels spread the stream over the old peat.",
           "Distichia cushions grew again on a third of the area."),),
        "I grew up with these pastures and want to learn to bring them back well.",
    ),
    "tallgrass": Dossier(
        "Yarrow State University", "Biology", "quarter", 10,
        (("Prairie Rivers Seed", "Seed collector", 9, 6, 100,
         "Collected and cleaned seed of 140 species, by hand and by combine."),
         ("Loess Hills Land Trust", "Stewardship director", 6, 0, 85,
          "Plan burns, plantings and monitoring on 2,600 acres.")),
        (P("Remnant to remnant", "Iowa, United States", "tallgrass prairie", "310 acres", "Stewardship director", 6,
         "vpi",
           "Linked two remnants over former corn with 120 species of seed from within 40 miles, drilled in winter.",
           "Forty-four species of the remnants are established in year five."),
         P("Red cedar out of the bluffs", "Nebraska, United States", "loess bluff prairie", "520 acres", "Burn boss",
          5, "i",
           "Cut in winter, burnt in spring, and burnt again in the second autumn.",
           "Cedar cover fell from half to four percent."),
         P("Regal fritillary survey", "Iowa, United States", "tallgrass prairie", "19 sites", "Lead", 3, "m",
           "Same transects, same weeks, with volunteers whom I trained.",
           "Fritillaries use the new planting since year four.")),
    ),
    "monsoon forest": Dossier(
        "Shillong Institute of Life Sciences", "Botany", "semester", 2,
        (("Living Bridges Trust", "Junior botanist", 1, 0, 80, "Identify, press and record; help in the nursery."),),
        (P("Sacred grove nursery", "Meghalaya, India", "subtropical forest", "2 hectares", "Botanist", 1, "v",
           "Listed every woody species of the grove and found parent trees for the nursery.",
           "Seed of 34 species is collected each year."),),
        "My studies are complete and my years in the field are few; CERPIT is where I begin.",
    ),
    "atlantic forest": Dossier(
        "Universidade da Mata Sul", "Forest engineering", "semester", 3,
        (("Viveiro Jussara", "Nursery manager", 2, 0, 75, "Raise 90 species of the Atlantic forest, and plan which "
                                                          "go where."),),
        (P("Forest corridor of the Rio Preto", "Bahia, Brazil", "Atlantic forest", "17 hectares", "Nursery manager",
         2, "pi",
           "Chose species for wet and dry slopes and planned two plantings around the coffee harvest.",
           "Canopy closed on the wet slope in the second year."),),
        "My knowledge is complete by your figures; my years of work are not yet.",
    ),
    "sahel": Dossier(
        "University of Kano Plains", "Geography", "semester", 14,
        (("Green Belt North", "Extension worker", 9, 5, 80, "Taught farmer-managed regrowth in forty villages."),
         ("Lake Basin Restoration", "Field manager", 5, 0, 90,
          "Manage half-moons, seed banks and the women’s tree groups.")),
        (P("Half-moons of Gumel", "Jigawa, Nigeria", "Sahel savanna", "410 hectares", "Field manager", 5, "vpi",
           "Laid 96,000 half-moons along the contour with 380 families and sowed them with native grass.",
           "Grass is cut for fodder from the second year; guinea fowl are back."),
         P("Regrowth on farms", "Kano, Nigeria", "parkland", "40 villages", "Extension worker", 8, "im",
           "Showed which shoots to keep, and counted trees in the same fields for six years.",
           "From 7 to 31 trees a hectare."),
         P("Shelterbelt repair", "Yobe, Nigeria", "dune field", "18 km", "Planner", 3, "pi",
           "Replaced dead neem with five native species, in gaps first.",
           "Sand no longer crosses the road.")),
        lacks=("Soil science", "General chemistry", "Physics for the life sciences", "Botany and plant systematics"),
    ),
}  # fmt: skip

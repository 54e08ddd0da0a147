"""What people learn: topics with their sessions and what someone took home, and the events that offer them."""

import random
from dataclasses import dataclass

B, P, M, Q, R = "biological", "physical", "management", "quantitative", "restoration"


@dataclass(frozen=True)
class Topic:
    """A subject of events: its name in titles, its areas, its sessions, what a participant learned."""

    name: str
    areas: list[str]
    sessions: list[str]
    learned: str


TOPICS = [
    Topic("Wetlands", [B, R], ["Opening plenary, salt-marsh symposium", "Sediment management, river deltas",
          "Monitoring workshop track, eelgrass symposium", "Restoration finance, closing discussion"],
          "Three sediment-trap designs that hold in a large tidal range. I am using the brushwood variant in our pilot "
          "from spring, and the monitoring track changed how often we will survey it."),
    Topic("Peatland", [P, R], ["Rewetting: ditch blocking by hand and machine", "Peat hydrology and subsidence",
          "Sphagnum transfer, field results", "Carbon accounting, panel"],
          "How to read a dipwell record before choosing where to block. We will move two of our planned dams upstream "
          "and spread Sphagnum a season later than we had meant to."),
    Topic("Grassland", [B, M], ["Seed mixes and provenance", "Grazing plans after sowing", "Fire and its season"],
          "The trials on provenance convinced me to order from two climates instead of one. The grazing session gave "
          "me a first-year plan that our farmers will accept."),
    Topic("Mangrove", [B, P], ["Hydrological restoration before planting", "Community tenure", "Drone surveys"],
          "Planting fails where the water is wrong. We stopped one planting and are opening the old creek first."),
    Topic("River", [P, M], ["Removing small dams", "Large wood: where it stays", "Fish passage, field evidence",
          "Working with flood engineers"],
          "Simple rules for where large wood stays put, and a way of talking about flood risk that our engineers "
          "shared. I have rewritten the method statement for our lower reach."),
    Topic("Dry Forest", [B, R], ["Direct seeding against planting", "Nurse shrubs", "Fencing and goats"],
          "Direct seeding with three nurse shrubs cost a third of planting and survived as well after four years."),
    Topic("Seagrass", [B, Q], ["Seed harvest and storage", "Site choice models", "Anchoring trials"],
          "How to store seed over winter without losing half of it, and a light threshold for choosing sites."),
    Topic("Soil", [P, B], ["Mine soils and topsoil handling", "Mycorrhiza: what inoculation does", "Salinity"],
          "Topsoil stripped wet and stored high is dead soil. Our contract now says how high and how long."),
    Topic("Invasive Species", [M, B], ["Early detection networks", "Control that lasts", "Ethics of eradication"],
          "A decision tree for when to stop controlling, which we have never had. It ends two of our projects."),
    Topic("Coral", [B, R], ["Gardening and its limits", "Heat-tolerant stock", "Licences and tourism"],
          "Which fragments to keep when the next heat comes, and an honest figure for survival after five years."),
    Topic("Monitoring", [Q, R], ["Sampling designs that survive staff changes", "Bayesian change detection",
          "Photo points", "Sharing data"],
          "Fewer plots, measured the same way for longer. I cut our protocol by half and can now detect a change."),
    Topic("Indigenous Knowledge", [M, R], ["Protocols for consent", "Cultural burning", "Co-governance in practice"],
          "We ask for consent too late. Our next project starts with a year of meetings and a budget for them."),
    Topic("Urban Nature", [M, P], ["Daylighting streams", "Rain gardens that live", "Volunteers as stewards"],
          "Costs and maintenance figures for daylighted streams, which our council had asked for."),
    Topic("Alpine", [B, P], ["Ski slopes and native seed", "Short seasons, slow soils", "Trail repair"],
          "Hay transfer works above the tree line if it happens within a day. We have a machine for that now."),
    Topic("Seed", [B, R], ["Seed zones", "Producers’ contracts", "Storage and dormancy", "Certification of seed"],
          "How to write a three-year contract with a grower, so that seed is there when the site is ready."),
    Topic("Policy", [M], ["Targets and what counts", "Offsets: lessons", "Financing the second decade"],
          "What our ministry counts as restored, and why we should report area and condition apart."),
]  # fmt: skip
REGIONS = """North Sea|Baltic|Wadden|Great Lakes|Atlantic Forest|Cape|Rift Valley|Danube|Carpathian|Iberian|Adriatic|
Mekong|Himalayan|Coral Triangle|Tasman|Andean|Patagonian|Gulf Coast|Prairie|Sahel|Aegean|Yellow Sea|Amazon|
Murray|Alpine Rim""".replace("\n", "").split("|")
FORMS = ["Conference", "Symposium", "Congress", "Forum", "Restoration Days", "Meeting"]
# Topics that belong to some regions only.
BOUND = {
    "Mangrove": "Coral Triangle|Mekong|Sahel|Amazon|Gulf Coast",
    "Seagrass": "North Sea|Baltic|Wadden|Adriatic|Aegean|Tasman|Gulf Coast|Yellow Sea",
    "Coral": "Gulf Coast|Tasman|Yellow Sea",
    "Alpine": "Himalayan|Andean|Carpathian|Patagonian|Iberian",
    "Dry Forest": "Cape|Rift Valley|Sahel|Andean|Iberian|Murray",
    "Peatland": "North Sea|Baltic|Carpathian|Great Lakes|Patagonian|Alpine Rim|Mekong",
}
HOLDERS = ["Research Network", "Society of Practitioners", "Learning Alliance", "Field Forum", "Restoration Circle"]


@dataclass(frozen=True)
class Event:
    """A conference that could have been held."""

    title: str
    provider: str
    topic: Topic


def draw_event(rng: random.Random, year: int) -> Event:
    topic = rng.choice(TOPICS)
    region = rng.choice(BOUND[topic.name].split("|") if topic.name in BOUND else REGIONS)
    return Event(
        f"{region} {topic.name} {rng.choice(FORMS)} {year}", f"{region} {topic.name} {rng.choice(HOLDERS)}", topic
    )


LOWERED = [
    "The programme shows one afternoon of product demonstrations, which is not continuing education.",
    "The boat travel on the second day was without teaching and does not count.",
    "The certificate names fewer hours than were claimed; we counted what it names.",
]
DENIED = [
    "The programme states no learning objectives, and the sessions named are a trade fair’s.",
    "The proof shows a registration but not that you attended. A confirmation of attendance would help.",
    "The sessions are internal project meetings of your employer, which are not continuing education.",
]

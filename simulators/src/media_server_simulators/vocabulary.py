"""Made-up words for a world: no title, name or street here is anybody's."""

FIRST = (
    "Ada", "Bruno", "Clara", "Dario", "Elif", "Finn", "Greta", "Hugo", "Ines",
    "Jonas", "Kaya",
    "Leo", "Mara", "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sami", "Tilda", "Umar",
    "Vera",
    "Wim", "Yara", "Zeno",
)  # fmt: skip
LAST = (
    "Abend", "Brook", "Calder", "Dorn", "Ember", "Falk", "Grove", "Hale", "Ivers",
    "Jarvi",
    "Keller", "Lund", "Moss", "North", "Orla", "Pike", "Reed", "Stone", "Thorn", "Vale",
)  # fmt: skip
ADJECTIVES = (
    "Amber", "Borrowed", "Crooked", "Distant", "Eleventh", "Frozen", "Gentle",
    "Hollow", "Idle",
    "Jade", "Last", "Midnight", "Narrow", "Open", "Paper", "Quiet", "Restless",
    "Silver",
    "Tangled", "Unsent", "Velvet", "Wandering", "Yellow", "Zealous",
)  # fmt: skip
NOUNS = (
    "Anchor", "Bridge", "Compass", "Drift", "Echo", "Ferry", "Garden", "Harbour",
    "Island",
    "Journal", "Kite", "Lantern", "Meadow", "Needle", "Orchard", "Piano", "Quarry",
    "River",
    "Station", "Tide", "Umbrella", "Valley", "Winter", "Yard",
)  # fmt: skip
PATTERNS = ("The {a} {n}", "{a} {n}", "{n} of the {a} {m}", "A {a} {n}", "{n} and {m}")
GENRES = ("Drama", "Comedy", "Adventure", "Mystery", "Documentary", "Animation")
RATINGS = ("G", "PG", "PG-13", "R", None)

"""Focal points (fractions of width and height) and alternative texts of the heroes."""

from __future__ import annotations

CAPTIONS: dict[str, tuple[float, float, str]] = {
    "auction-lanes": (
        0.36,
        0.66,
        "Cars roll in three lanes through an auction hall towards the viewer, daylight behind them in the open doors.",
    ),
    "service-bay": (
        0.56,
        0.5,
        "A technician works with a lamp under a hatchback on a two-post lift; tools hang on the wall behind.",
    ),
    "ev-chargers": (
        0.56,
        0.62,
        "A crossover is plugged in at one of three charging posts at the edge of a dealer's lot at dusk.",
    ),
    "showroom-handover": (
        0.4,
        0.5,
        "A saleswoman hands a car key to a customer in a bright glass showroom, the red car behind them.",
    ),
    "pickup-line": (
        0.5,
        0.55,
        "Pickups move along an assembly line while robot arms weld; a worker in a helmet watches.",
    ),
    "vending-tower": (
        0.46,
        0.5,
        "A tall glass tower with cars stacked on eight floors stands lit over a city in the evening.",
    ),
    "finance-desk": (
        0.42,
        0.5,
        "A desk from above with a sales contract, pen, calculator, car key and a cup of coffee.",
    ),
    "port-carrier": (0.62, 0.55, "Rows of new cars wait on a quay before the open side door of a car-carrier ship."),
    "parts-shelves": (0.5, 0.68, "A parts clerk pushes a cart down a long aisle of full warehouse shelves."),
    "dealership-night": (
        0.36,
        0.68,
        "A glass showroom lit at night is reflected on the wet forecourt, a red sedan in front.",
    ),
    "battery-pack": (
        0.5,
        0.5,
        "An exploded view of an electric car: body, battery lid, modules and the skateboard chassis with its motors.",
    ),
    "recon-line": (
        0.55,
        0.68,
        "A worker rinses a yellow sedan covered in foam in a reconditioning bay with large brushes.",
    ),
    "car-hauler": (
        0.62,
        0.62,
        "A transporter loaded with seven cars on two decks drives on a highway through hills at sunrise.",
    ),
    "family-desk": (
        0.5,
        0.46,
        "A grandmother, her son and her granddaughter stand before the sign and windows of their dealership.",
    ),
    "delivery-van": (0.66, 0.62, "A courier carries parcels behind an electric delivery van parked in a city street."),
    "hail-lot": (0.68, 0.7, "Hail falls on a dealer's lot while two people pull covers over the cars."),
    "diesel-engine": (
        0.62,
        0.5,
        "An engineer with a tablet stands beside a large six-cylinder diesel engine on a stand.",
    ),
    "main-street": (
        0.46,
        0.6,
        "A small town's main street with a streamlined 1950s dealership building and a tail-finned car out front.",
    ),
    "ledger": (
        0.5,
        0.5,
        "An open account ledger with a fountain pen, an old photograph of a car dealership and key tags.",
    ),
    "map-pins": (
        0.54,
        0.4,
        "A map of a region with roads, a river and pins which mark eight stores, one larger than the others.",
    ),
    "lot-from-above": (0.58, 0.6, "A dealer's lot from straight above, cars in rows and one empty space."),
}

"""What the demo company sells: coffee, and all an office needs around it.

List prices are in euro, today's, without tax. Within a category the first
products are the popular ones.
"""

import pandas as pd

SCALE = 10_000  # money is stored as whole ten-thousandths of a euro

RANGE: dict[str, dict[str, float]] = {
    "Coffee": {
        "House blend coffee beans, 1 kg": 16.90,
        "Espresso Forte beans, 1 kg": 18.50,
        "Filter roast ground, 500 g": 8.90,
        "Crema Classica beans, 1 kg": 17.40,
        "Organic Peru beans, 1 kg": 21.90,
        "Decaf Swiss-water beans, 500 g": 11.90,
        "Ethiopia Sidamo single origin, 500 g": 14.50,
        "Espresso capsules, aluminium, 50": 17.90,
        "Lungo capsules, compostable, 50": 18.90,
        "Colombia Huila single origin, 500 g": 13.90,
        "Cold brew coarse ground, 1 kg": 19.80,
        "Instant coffee jar, 200 g": 6.90,
    },
    "Tea & cocoa": {
        "English breakfast tea, 100 bags": 6.40,
        "Loose-leaf Darjeeling, 250 g": 12.90,
        "Green sencha tea, 50 bags": 5.90,
        "Peppermint tea, 50 bags": 4.80,
        "Ceremonial matcha powder, 100 g": 24.90,
        "Drinking chocolate, 1 kg": 9.90,
        "Rooibos vanilla tea, 50 bags": 5.40,
        "Chai latte powder, 1 kg": 13.90,
        "Fruit infusion, 50 bags": 4.60,
        "Jasmine tea, loose leaf, 250 g": 11.50,
        "Tea chest, eight kinds, 96 bags": 19.90,
        "Paper tea filters, 100": 3.60,
    },
    "Machines": {
        "Espresso machine Vapore Due": 749.00,
        "Ceramic pour-over dripper": 22.90,
        "Filter coffee machine Calma 10": 89.00,
        "Bean-to-cup machine Vapore Auto": 1290.00,
        "Electric kettle, 1.7 l": 44.90,
        "Burr grinder Molino 64": 329.00,
        "Hand grinder, steel burrs": 74.00,
        "Milk frother, induction": 59.00,
        "Vacuum jug, 1.9 l": 39.90,
        "French press, 1 l": 27.50,
        "Water boiler, 10 l": 159.00,
        "Cold brew tower, 5 l": 119.00,
    },
    "Brewing & care": {
        "Descaler for coffee machines, 1 l": 12.40,
        "Paper filters for drippers, 100": 5.20,
        "Cleaning tablets, 100": 14.90,
        "Milk system cleaner, 1 l": 11.80,
        "Water filter cartridge": 13.50,
        "Bamboo matcha whisk": 14.80,
        "Basket filter papers, 250": 6.80,
        "Barista scale with timer": 36.00,
        "Tamper, 58 mm": 32.00,
        "Milk jug, 600 ml": 16.50,
        "Knock box": 24.00,
        "Group head brush": 7.90,
    },
    "Kitchen & cleaning": {
        "Dishwasher tabs, 100": 15.90,
        "Paper towels, 12 rolls": 13.40,
        "Washing-up liquid, 5 l": 9.80,
        "Hand soap refill, 5 l": 12.90,
        "Coffee mugs, white, 12": 34.90,
        "Latte glasses, 6": 21.50,
        "Teaspoons, stainless, 24": 17.90,
        "Waste bags, 60 l, 100": 11.20,
        "Surface cleaner, 1 l": 4.30,
        "Microfibre cloths, 20": 10.50,
        "Paper cups, 8 oz, 1,000": 44.00,
        "Water carafe, 1 l": 14.20,
    },
    "Snacks & drinks": {
        "Barista oat drink, 6 × 1 l": 13.20,
        "Sugar sticks, 1,000": 8.70,
        "Still mineral water, 12 × 0.5 l": 7.90,
        "Caramel biscuits, 300 portions": 19.90,
        "Whole milk, long life, 12 × 1 l": 14.40,
        "Sparkling mineral water, 12 × 0.5 l": 7.90,
        "Fruit and nut mix, 1.5 kg": 21.50,
        "Orange juice, 12 × 0.2 l": 11.60,
        "Dark chocolate squares, 500": 38.00,
        "Oat bars, 24": 22.80,
        "Ginger biscuits, 2 kg": 18.40,
        "Elderflower lemonade, 12 × 0.33 l": 17.60,
    },
    "Paper & writing": {
        "Copy paper A4, 80 g, 5 × 500 sheets": 24.50,
        "Ballpoint pens, blue, 50": 14.90,
        "Sticky notes, 12 pads": 8.60,
        "Notebook A5, dotted": 6.90,
        "Highlighters, 6 colours": 5.80,
        "Envelopes C5, 500": 19.90,
        "Recycled paper A4, 5 × 500 sheets": 26.90,
        "Gel pens, black, 12": 13.20,
        "Writing pads A4, 10": 15.80,
        "Pencils HB, 72": 12.60,
        "Copy paper A3, 500 sheets": 11.40,
        "Fountain pen ink, 50 ml": 7.40,
    },
    "Filing & presentation": {
        "Lever arch files, 10": 23.90,
        "Dividers A–Z, 10 sets": 12.90,
        "Whiteboard 120 × 90 cm": 89.00,
        "Whiteboard markers, 8 colours": 11.90,
        "Plastic sleeves, 100": 6.20,
        "Document trays, 4": 18.50,
        "Flip chart paper, 5 pads": 29.80,
        "Stapler, 40 sheets": 15.90,
        "Box files, 5": 19.40,
        "Hole punch, steel": 17.80,
        "Magnets, 50": 9.30,
        "Pin board, cork, 90 × 60 cm": 42.00,
    },
    "Printing & labels": {
        "Laser printer Lumen L320": 189.00,
        "Toner Lumen L320, black": 64.00,
        "Label printer Etiq 62": 96.00,
        "Label roll for Etiq 62, 400": 9.80,
        "Ink cartridge set, 4 colours": 48.00,
        "Toner Lumen C510, cyan": 92.00,
        "Address labels A4, 100 sheets": 16.40,
        "Photo paper A4, 50 sheets": 13.90,
        "Document scanner Foglio 30": 279.00,
        "USB cable, 3 m": 8.90,
        "Shredder P4, 22 l": 129.00,
        "Laminating pouches A4, 100": 14.70,
    },
    "Furniture & lighting": {
        "Desk lamp, LED": 54.00,
        "Swivel chair Linea": 219.00,
        "Desk 160 × 80 cm, oak": 289.00,
        "Footrest, adjustable": 39.00,
        "Monitor arm": 84.00,
        "Mobile pedestal, 3 drawers": 169.00,
        "Standing desk, electric, 160 cm": 489.00,
        "Bookcase, 5 shelves": 179.00,
        "Meeting table, 220 cm": 549.00,
        "Stacking chair": 69.00,
        "Acoustic panel, felt": 119.00,
        "Coat stand": 79.00,
    },
}
CODES = dict(
    zip(
        RANGE,
        ("COF", "TEA", "MAC", "BRW", "KIT", "SNK", "PAP", "FIL", "PRN", "FUR"),
        strict=True,
    )
)
DEAR = 50.0  # at this list price and above, a thing is bought by the piece
POPULARITY_FALLS = 0.6  # weight of the n-th product of a category: (n + 2) ** -0.6


def products() -> pd.DataFrame:
    """The range, one row per product, in a fixed order.

    Returns:
        `sku`, `name`, `category`, `price` (int64, list price in ten-thousandths
        of a euro), `popularity` (weight within the category), `durable` (bought
        by the piece, not by the carton).
    """
    rows = [
        (
            f"{CODES[category]}-{100 + 10 * place}",
            name,
            category,
            round(price * 100) * (SCALE // 100),
            (place + 2) ** -POPULARITY_FALLS,
            price >= DEAR,
        )
        for category, entries in RANGE.items()
        for place, (name, price) in enumerate(entries.items(), 1)
    ]
    columns = ["sku", "name", "category", "price", "popularity", "durable"]
    return pd.DataFrame(rows, columns=columns)

"""Subset the two typefaces to woff2 and write the @font-face rules for them and for their local stand-ins.

Run `python -m scripts.fonts` after a new version of either wheel; the same wheels give the same bytes. Both are under
the Open Font License, and "Source" is a Reserved Font Name: our cut of Source Serif 4 must go by another name.
"""

import sys
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

STATIC = Path(__file__).resolve().parent.parent / "static"
BUDGET = 62_000  # bytes, all files together
# Latin Extended-A less Esperanto, Maltese, Welsh and Sami; and the Romanian letters with a comma.
LETTERS = "ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžȘșȚț"
MARKS = "’‘‚“”„–—…•‹›€™−≈≤≥≠′″†‡▲▼←↑→↓\u2009\u202f"
FEATURES = ["kern", "liga", "ccmp", "locl", "tnum", "lnum"]
CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, LETTERS + MARKS)]

# How often each character stands in English text, in 1/10,000: the table of @capsizecss/unpack 4 (MIT).
FREQUENCY = {
    1540: " ", 922: "e", 672: "t", 668: "a", 588: "i", 578: "n", 571: "o", 526: "r", 469: "s", 351: "h", 304: "l",
    298: "d", 232: "c", 207: "u", 181: "m", 170: "f", 163: "p", 155: "g", 123: "y", 114: "b", 110: "w", 83: ",",
    79: ".", 76: "v", 53: "0", 46: "k", 41: "TS", 40: "A", 38: "|", 31: "C", 26: "2", 25: "Mx", 23: "1P", 22: "I",
    21: "[", 20: "B", 18: "-", 16: "U", 15: "5RF", 14: "'N", 13: "HD", 12: 'L"W', 11: "zGE", 10: "3()", 9: "jJO",
    8: "4q:", 7: "68]K=", 6: "9", 5: "7V", 3: "Y", 2: "$Z", 1: "Qáé/%;X",
}  # fmt: skip


class Local(NamedTuple):
    """A typeface of the reader's device at one weight; its average width, in em, is from @capsizecss/metrics 4.3.0."""

    family: str
    weight: int
    width: float
    names: tuple[str, ...]


class Typeface(NamedTuple):
    """A variable font to ship: where it comes from, what is kept of it, and what stands in until it has loaded."""

    family: str
    package: str
    source: str
    axes: dict[str, float | tuple[float, float]]
    stand_ins: tuple[Local, ...]


# Roboto stands only in the regular row: there it is as wide as Arial to 0.2 %, but its bold is 6 % narrower.
# opsz 20 is a drawn master: sturdy at 19 px, still sharp at 48 px, and smaller in bytes than what lies between masters.
TYPEFACES = (
    Typeface("Public Sans", "fontpkg_public_sans", "PublicSans[wght].ttf", {"wght": (400, 800)}, (
    Local("Public Sans Fallback", 400, 913 / 2048, ("Arial", "ArialMT", "Liberation Sans", "Roboto")),
    Local("Public Sans Fallback", 700, 983 / 2048, ("Arial Bold", "Arial-BoldMT", "Liberation Sans Bold")),
    )),
    Typeface("Forecourt Serif", "fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf",
        {"opsz": 20, "wght": (400, 700)}, (
    Local("Forecourt Serif Georgia", 400, 913 / 2048, ("Georgia",)),
    Local("Forecourt Serif Georgia", 700, 1062 / 2048, ("Georgia Bold", "Georgia-Bold")),
    Local("Forecourt Serif Times", 400, 832 / 2048, ("Times New Roman", "TimesNewRomanPSMT", "Liberation Serif")),
    Local("Forecourt Serif Times", 700, 886 / 2048,
        ("Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold")),
    Local("Forecourt Serif Noto", 400, 481 / 1000, ("Noto Serif", "Noto Serif Regular", "NotoSerif-Regular")),
    Local("Forecourt Serif Noto", 700, 512 / 1000, ("Noto Serif Bold", "NotoSerif-Bold")),
    )),
)  # fmt: skip
HEAD = """\
/* Written by scripts/fonts.py: change it there. Each local face is scaled so that the swap moves little. The stacks:
--serif: "Forecourt Serif", "Forecourt Serif Georgia", "Forecourt Serif Times", "Forecourt Serif Noto", Georgia, serif
--sans: "Public Sans", "Public Sans Fallback", system-ui, sans-serif */
"""


def main() -> None:
    """Write the fonts, their licences and fonts.css, and say what is missing; exit 1 when they weigh too much."""
    rules, total = [HEAD], 0
    for face in TYPEFACES:
        font, slug = cut(face), face.family.lower().replace(" ", "-")
        path = STATIC / "fonts" / f"{slug}.woff2"
        font.save(path)
        total += (size := path.stat().st_size)
        missing = "".join(chr(code) for code in CHARACTERS if code not in font.getBestCmap())
        sys.stdout.write(f"{path.name}: {size} bytes; left to the fallback: {missing or 'nothing'}\n")
        licence = f"Modified by Forecourt (names, characters, features, axes {face.axes}) from {face.source}: "
        licence += f"{font['name'].getDebugName(0)}\n\n{(files(face.package) / 'LICENSE').read_text('utf-8')}"
        path.with_name(f"LICENSE-{slug}.txt").write_text(licence, "utf-8")
        rules += font_faces(face, path)
    (STATIC / "css/fonts.css").write_text("".join(rules), "utf-8")
    if total > BUDGET:
        sys.exit(f"The fonts weigh {total} bytes; the budget is {BUDGET}.")


def cut(face: Typeface) -> TTFont:
    """The font with our characters, features and axes only, under our name."""
    font = TTFont(str(files(face.package) / "files" / face.source), recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True)
    options.drop_tables += ["STAT"]  # It serves the style menus of desktop programs.
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font["fvar"].instances = []
    font = instancer.instantiateVariableFont(font, face.axes)
    rename(font, face.family)
    font.flavor = "woff2"
    return font


def rename(font: TTFont, family: str) -> None:
    """Leave no name but ours; copyright (0), version (5) and licence (13, 14) stay as they were."""
    kept = {0, 5, 13, 14, *(axis.axisNameID for axis in font["fvar"].axes)}
    font["name"].names = [n for n in font["name"].names if n.nameID in kept and (n.platformID, n.langID) == (3, 0x409)]
    postscript = f"{family.replace(' ', '')}-Regular"
    for name_id, text in {1: family, 2: "Regular", 3: f"Forecourt: {postscript}", 4: family, 6: postscript}.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)


def font_faces(face: Typeface, path: Path) -> list[str]:
    """The @font-face rules of one typeface: its file, then its local stand-ins, each at its own scale."""
    font = TTFont(path)
    weights = f"{font['fvar'].axes[0].minValue:.0f} {font['fvar'].axes[0].maxValue:.0f}"
    rules = [
        f'@font-face {{\n  font-family: "{face.family}";\n  font-weight: {weights};\n'
        f'  font-display: swap;\n  src: url("../fonts/{path.name}") format("woff2");\n}}\n'
    ]
    width = {bold: average_width(instancer.instantiateVariableFont(font, {"wght": bold})) for bold in (400, 700)}
    for local in face.stand_ins:
        adjust = width[local.weight] / local.width
        em = font["head"].unitsPerEm * adjust
        sources = ", ".join(f'local("{name}")' for name in local.names)
        rules.append(
            f'@font-face {{\n  font-family: "{local.family}";\n  font-weight: {local.weight};\n  src: {sources};\n'
            f"  size-adjust: {adjust:.2%};\n  ascent-override: {font['hhea'].ascent / em:.2%};\n"
            f"  descent-override: {-font['hhea'].descent / em:.2%};\n  line-gap-override: 0%;\n}}\n"
        )
    return rules


def average_width(font: TTFont) -> float:
    """The average advance width over English text, in em."""
    cmap, widths = font.getBestCmap(), font["hmtx"]
    total = sum(count * widths[cmap[ord(char)]][0] for count, chars in FREQUENCY.items() for char in chars)
    return float(total / 10_000 / font["head"].unitsPerEm)


if __name__ == "__main__":
    main()

"""Numbers, units and quantities of the TeX package siunitx (its manual, version 3, sections 3, 4)."""

from __future__ import annotations

import re

from weeknotes.engines.maths.tex import Reader, Replacement

_PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p",
    "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "deca": "da", "hecto": "h",
    "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z",
    "yotta": "Y", "ronna": "R", "quetta": "Q",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "metre": "m", "meter": "m",
    "mole": "mol", "second": "s", "becquerel": "Bq", "degreeCelsius": "°C", "celsius": "°C",
    "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J",
    "lumen": "lm", "katal": "kat", "lux": "lx", "newton": "N", "ohm": "Ω", "pascal": "Pa",
    "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr", "tesla": "T", "volt": "V",
    "watt": "W", "weber": "Wb", "astronomicalunit": "au", "bel": "B", "dalton": "Da", "day": "d",
    "decibel": "dB", "degree": "°", "electronvolt": "eV", "hectare": "ha", "hour": "h",
    "litre": "L", "liter": "L", "arcminute": "′", "minute": "min", "arcsecond": "″", "neper": "Np",
    "tonne": "t", "gram": "g", "bar": "bar", "angstrom": "Å", "percent": "%", "bit": "bit",
    "byte": "B", "molar": "M",
    # Abbreviations (section 3.5).
    "kg": "kg", "g": "g", "mg": "mg", "ug": "µg", "ng": "ng", "m": "m", "km": "km", "cm": "cm",
    "mm": "mm", "um": "µm", "nm": "nm", "pm": "pm", "s": "s", "ms": "ms", "us": "µs", "ns": "ns",
    "ps": "ps", "fs": "fs", "A": "A", "mA": "mA", "uA": "µA", "nA": "nA", "K": "K", "mol": "mol",
    "mmol": "mmol", "umol": "µmol", "nmol": "nmol", "L": "L", "l": "L", "mL": "mL", "ml": "mL",
    "uL": "µL", "ul": "µL", "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "THz": "THz",
    "N": "N", "mN": "mN", "kN": "kN", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa", "GPa": "GPa",
    "V": "V", "mV": "mV", "kV": "kV", "W": "W", "mW": "mW", "uW": "µW", "kW": "kW", "MW": "MW",
    "J": "J", "kJ": "kJ", "eV": "eV", "meV": "meV", "keV": "keV", "MeV": "MeV", "GeV": "GeV",
    "TeV": "TeV", "kWh": "kWh", "F": "F", "pF": "pF", "nF": "nF", "uF": "µF", "T": "T", "mT": "mT",
    "kelvins": "K", "dB": "dB", "mM": "mM", "uM": "µM", "nM": "nM",
}  # fmt: skip
_TOKEN = re.compile(r"\\([A-Za-z]+)|\^(\{[^{}]*\}|.)|([A-Za-zµΩÅ°%]+)|([./~])|\s+|(.)", re.S)
_NUMBER = re.compile(
    r"([+-]?(?:\\pm)?)([\d.,\s]*)(?:\(([\d.]+)\)|(?:\+-|\\pm)([\d.]+))?(?:[eEdD]([+-]?\d+))?"
)


def number(text: str) -> str:
    """A number of siunitx as TeX: ``1.2e3`` becomes ``1.2\\times 10^{3}``."""
    text = text.strip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    sign, digits, brackets, spread, exponent = match.groups()
    digits = re.sub(r"\s+", r"\\,", digits.strip()).replace(",", ".")
    made = sign + digits.replace("\\.", "\\,")
    if brackets:
        made += f"({brackets})"
    if spread:
        made = f"({made}\\pm {spread})" if exponent else f"{made}\\pm {spread}"
    if exponent is not None:
        power = f"10^{{{exponent.removeprefix('+')}}}"
        made = f"{made}\\times {power}" if digits else f"{sign}{power}"
    return made


def unit(text: str) -> str | None:
    """A unit of siunitx as TeX; None where it holds a unit that is not known."""
    parts: list[str] = []
    prefix, per, power = "", False, ""
    for command, raised, letters, sign, other in _TOKEN.findall(text):
        if command in _PREFIXES:
            prefix = _PREFIXES[command]
        elif command == "per":
            per = True
        elif command in ("square", "cubic"):
            power = "2" if command == "square" else "3"
        elif command in ("squared", "cubed") and parts:
            parts[-1] = _raised(parts[-1], "2" if command == "squared" else "3")
        elif command == "of":
            continue
        elif command in _UNITS or letters:
            name = prefix + (_UNITS[command] if command else letters)
            made = rf"\mathrm{{{name.replace('%', chr(92) + '%')}}}"
            if per or power:
                made = _raised(made, power or "1", negative=per)
            parts.append(made)
            prefix, per, power = "", False, ""
        elif raised and parts:
            parts[-1] = _raised(parts[-1], raised.strip("{}"))
        elif sign == "/":
            per = True
        elif command or (other and other not in "{}"):
            return None
    return r"\,".join(parts)


def _raised(made: str, power: str, negative: bool = False) -> str:
    match = re.fullmatch(r"(.*)\^\{-1\}", made)
    if match:
        made, negative = match[1], True
    return f"{made}^{{{'-' if negative else ''}{power}}}"


def _quantity(reader: Reader, _star: bool) -> str | None:
    reader.option()
    value, name = reader.group(), reader.group()
    if value is None or name is None:
        return None
    made = unit(name)
    if made is None:
        return None
    gap = "" if re.fullmatch(r"\\mathrm\{[°′″]\}", made) else r"\,"
    return f"{{{number(value)}{gap}{made}}}"


def _unit(reader: Reader, _star: bool) -> str | None:
    reader.option()
    name = reader.group()
    made = None if name is None else unit(name)
    return None if made is None else f"{{{made}}}"


def _number(reader: Reader, _star: bool) -> str | None:
    reader.option()
    value = reader.group()
    return None if value is None else f"{{{number(value)}}}"


def _angle(reader: Reader, _star: bool) -> str | None:
    reader.option()
    value = reader.group()
    if value is None:
        return None
    signs = (r"^{\circ}", r"'", r"''")
    return "{" + "".join(v + s for v, s in zip(value.split(";"), signs, strict=False) if v) + "}"


def _range(reader: Reader, _star: bool) -> str | None:
    reader.option()
    first, last = reader.group(), reader.group()
    if first is None or last is None:
        return None
    return rf"{{{number(first)}\text{{ to }}{number(last)}}}"


def _quantity_range(reader: Reader, star: bool) -> str | None:
    numbers, name = _range(reader, star), reader.group()
    made = None if name is None else unit(name)
    return None if numbers is None or made is None else rf"{{{numbers}\,{made}}}"


COMMANDS: dict[str, Replacement] = {
    "num": _number,
    "SI": _quantity,
    "qty": _quantity,
    "si": _unit,
    "unit": _unit,
    "ang": _angle,
    "numrange": _range,
    "SIrange": _quantity_range,
    "qtyrange": _quantity_range,
}

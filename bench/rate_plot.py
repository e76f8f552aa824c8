"""Draws ladders as curves of VMAF over rate, as SVG."""

import html
import math

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 56, 150, 34, 46
COLORS = ["#8a8f98", "#c2410c", "#1d4ed8", "#15803d", "#7e22ce"]
TEXT = 'font-family="sans-serif" font-size="12" fill="#444"'


def rate_name(rate):
    return f"{rate / 1e6:g} Mbit/s" if rate >= 1e6 else f"{rate / 1e3:g} kbit/s"


def rate_ticks(low, high):
    """1, 2 and 5 of each decade within."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [digit * 10 ** decade for decade in decades for digit in (1, 2, 5)
            if low <= digit * 10 ** decade <= high]


def draw(title, ladders):
    """ladders: {name: [{"rate", "vmaf"}…]}, each drawn in the order of its rates."""
    points = [point for ladder in ladders.values() for point in ladder]
    rates = [point["rate"] for point in points]
    low, high = min(rates) / 1.1, max(rates) * 1.1
    bottom = 10 * math.floor(min(point["vmaf"] for point in points) / 10)

    def x(rate):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(rate / low) / math.log(high / low)

    def y(vmaf):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (vmaf - bottom) / (100 - bottom)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           f'width="{WIDTH}" height="{HEIGHT}"><rect width="100%" height="100%" fill="#fff"/>',
           f'<text x="{LEFT}" y="20" {TEXT}>{html.escape(title)}: VMAF over rate</text>']
    for tick in rate_ticks(low, high):
        out.append(f'<path d="M{x(tick):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e5e7eb"/>'
                   f'<text x="{x(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" '
                   f'{TEXT}>{rate_name(tick)}</text>')
    for tick in range(bottom, 101, 10):
        out.append(f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>'
                   f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end" {TEXT}>{tick}</text>')
    for number, (name, ladder) in enumerate(ladders.items()):
        color = COLORS[number % len(COLORS)]
        path = sorted(ladder, key=lambda point: point["rate"])
        line = "L".join(f"{x(point['rate']):.1f} {y(point['vmaf']):.1f}" for point in path)
        out.append(f'<path d="M{line}" fill="none" stroke="{color}" stroke-width="1.6"/>')
        out.extend(f'<circle cx="{x(point["rate"]):.1f}" cy="{y(point["vmaf"]):.1f}" r="3" '
                   f'fill="{color}"/>' for point in path)
        row = TOP + 14 + 20 * number
        out.append(f'<path d="M{WIDTH - RIGHT + 14} {row - 4}h18" stroke="{color}" '
                   f'stroke-width="2"/><text x="{WIDTH - RIGHT + 38}" y="{row}" {TEXT}>'
                   f'{html.escape(name)}</text>')
    return "\n".join([*out, "</svg>\n"])

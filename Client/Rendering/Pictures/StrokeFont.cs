using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>
/// Lettering of our own, drawn as strokes, so that pictures look the same on every machine and on those without a font. ASCII; any other
/// character is a small box.
/// </summary>
internal static class StrokeFont
{
    private const float CapUnits = 6;
    private const float GapUnits = 1.7f;
    private const string Box = "00 30 36 06 00";

    /// <summary>Strokes of a character: points xy on a grid, x from 0 to 4, y from 0 (top of capitals) by 6 (baseline) to 8; '|' lifts the pen.</summary>
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        [' '] = "",
        ['A'] = "06 20 46|13 33",
        ['B'] = "00 06 36 45 44 33 03|33 42 41 30 00",
        ['C'] = "41 30 10 01 05 16 36 45",
        ['D'] = "00 06 26 45 41 20 00",
        ['E'] = "40 00 06 46|03 33",
        ['F'] = "40 00 06|03 33",
        ['G'] = "41 30 10 01 05 16 36 45 43 23",
        ['H'] = "00 06|40 46|03 43",
        ['I'] = "00 06",
        ['J'] = "30 35 26 16 05",
        ['K'] = "00 06|40 03 46",
        ['L'] = "00 06 36",
        ['M'] = "06 00 23 40 46",
        ['N'] = "06 00 46 40",
        ['O'] = "10 30 41 45 36 16 05 01 10",
        ['P'] = "06 00 30 41 42 33 03",
        ['Q'] = "10 30 41 45 36 16 05 01 10|24 46",
        ['R'] = "06 00 30 41 42 33 03|23 46",
        ['S'] = "41 30 10 01 02 13 33 44 45 36 16 05",
        ['T'] = "00 40|20 26",
        ['U'] = "00 05 16 36 45 40",
        ['V'] = "00 26 40",
        ['W'] = "00 16 22 36 40",
        ['X'] = "00 46|40 06",
        ['Y'] = "00 23 40|23 26",
        ['Z'] = "00 40 06 46",
        ['a'] = "32 36|33 22 12 03 05 16 26 35",
        ['b'] = "00 06|03 12 22 33 35 26 16 05",
        ['c'] = "33 22 12 03 05 16 26 35",
        ['d'] = "30 36|33 22 12 03 05 16 26 35",
        ['e'] = "04 34 33 22 12 03 05 16 26 35",
        ['f'] = "30 20 11 16|02 22",
        ['g'] = "32 37 28 18 07|33 22 12 03 05 16 26 35",
        ['h'] = "00 06|03 12 22 33 36",
        ['i'] = "02 06|00 00",
        ['j'] = "12 17 08|10 10",
        ['k'] = "00 06|32 04 36",
        ['l'] = "00 05 16",
        ['m'] = "02 06|03 12 23 26|23 32 43 46",
        ['n'] = "02 06|03 12 22 33 36",
        ['o'] = "12 22 33 35 26 16 05 03 12",
        ['p'] = "02 08|03 12 22 33 35 26 16 05",
        ['q'] = "32 38|33 22 12 03 05 16 26 35",
        ['r'] = "02 06|04 12 22",
        ['s'] = "33 22 12 03 14 24 35 26 16 05",
        ['t'] = "10 15 26|02 22",
        ['u'] = "02 05 16 26 35|32 36",
        ['v'] = "02 26 42",
        ['w'] = "02 16 23 36 42",
        ['x'] = "02 36|32 06",
        ['y'] = "02 05 16 26 35|32 37 28 18 07",
        ['z'] = "02 32 06 36",
        ['0'] = "10 20 31 35 26 16 05 01 10",
        ['1'] = "01 10 16|06 26",
        ['2'] = "01 10 20 31 32 06 36",
        ['3'] = "01 10 20 31 32 23 13|23 34 35 26 16 05",
        ['4'] = "26 20 04 34",
        ['5'] = "30 00 03 12 22 33 35 26 16 05",
        ['6'] = "31 20 10 01 05 16 26 35 34 23 13 04",
        ['7'] = "00 30 16",
        ['8'] = "13 02 01 10 20 31 32 23 13 04 05 16 26 35 34 23",
        ['9'] = "05 16 26 35 31 20 10 01 02 13 23 32",
        ['.'] = "06 06",
        [','] = "06 07",
        [':'] = "03 03|06 06",
        [';'] = "03 03|06 07",
        ['-'] = "03 33",
        ['+'] = "03 43|21 25",
        ['='] = "02 32|04 34",
        ['/'] = "07 30",
        ['\\'] = "00 37",
        ['('] = "10 02 05 17",
        [')'] = "00 12 15 07",
        ['['] = "10 00 07 17",
        [']'] = "00 10 17 07",
        ['{'] = "20 10 12 03 14 17 27",
        ['}'] = "00 10 12 23 14 17 07",
        ['%'] = "06 40|00 10 11 01 00|35 45 46 36 35",
        ['_'] = "07 37",
        ['*'] = "01 25|21 05|03 23",
        ['\''] = "00 01",
        ['"'] = "00 01|10 11",
        ['!'] = "00 04|06 06",
        ['?'] = "01 10 20 31 32 14|16 16",
        ['<'] = "31 03 35",
        ['>'] = "01 33 05",
        ['#'] = "10 16|30 36|02 42|04 44",
        ['&'] = "46 02 01 10 20 21 04 05 16 26 44",
        ['|'] = "00 07",
        ['~'] = "03 12 23 32",
        ['^'] = "01 10 21",
        ['`'] = "00 11",
        ['…'] = "06 06|26 26|46 46",
    };

    public static float Measure(string text, float capHeight) =>
        text.Length == 0 ? 0 : (text.Sum(character => WidthOf(character) + GapUnits) - GapUnits) * capHeight / CapUnits;

    /// <summary>Draws on a baseline that starts, is centred or ends at a point.</summary>
    public static void Draw(SKCanvas canvas, string text, SKPoint at, float capHeight, TextStyle style)
    {
        var unit = capHeight / CapUnits;
        var width = Measure(text, capHeight);
        var left = at.X - style.Align switch { SKTextAlign.Center => width / 2, SKTextAlign.Right => width, _ => 0 };
        using var path = new SKPath();
        foreach (var character in text)
        {
            AddStrokes(path, StrokesOf(character), new SKPoint(left, at.Y - capHeight), unit);
            left += (WidthOf(character) + GapUnits) * unit;
        }
        using var rounding = SKPathEffect.CreateCorner(unit * .9f);
        using var paint = new SKPaint
        {
            Color = style.Color,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = capHeight * (style.IsBold ? .19f : .13f),
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
            PathEffect = rounding,
        };
        canvas.DrawPath(path, paint);
    }

    /// <summary>The text, or as much of its start as fits a width, with an ellipsis.</summary>
    public static string Fit(string text, float capHeight, float width)
    {
        if (Measure(text, capHeight) <= width)
            return text;
        var length = text.Length;
        while (length > 0 && Measure(text[..length] + "…", capHeight) > width)
            length--;
        return text[..length].TrimEnd() + "…";
    }

    private static string StrokesOf(char character) => Glyphs.GetValueOrDefault(character, Box);

    private static float WidthOf(char character)
    {
        var strokes = StrokesOf(character);
        var widest = 0;
        for (var i = 0; i < strokes.Length; i += 3)
            widest = Math.Max(widest, strokes[i] - '0');
        return character == ' ' ? 1.2f : widest;
    }

    private static void AddStrokes(SKPath path, string strokes, SKPoint origin, float unit)
    {
        for (var i = 0; i < strokes.Length; i += 3)
        {
            var point = new SKPoint(origin.X + (strokes[i] - '0') * unit, origin.Y + (strokes[i + 1] - '0') * unit);
            if (i == 0 || strokes[i - 1] == '|')
                path.MoveTo(point);
            else
                path.LineTo(point);
        }
    }
}

using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>The colours of all pictures.</summary>
internal static class Palette
{
    public static readonly SKColor Paper = SKColors.White;
    public static readonly SKColor Ink = new(0x22, 0x26, 0x2B);
    public static readonly SKColor FaintInk = new(0x6B, 0x73, 0x7C);
    public static readonly SKColor Rule = new(0xD5, 0xD9, 0xDE);
    public static readonly SKColor Missing = new(0xC9, 0xC4, 0xB8);
    public static readonly SKColor Blue = new(0x35, 0x78, 0xB5);
    public static readonly SKColor Red = new(0xCB, 0x43, 0x40);

    /// <summary>Lines of a plot, in order; told apart by people who see red and green alike.</summary>
    public static readonly IReadOnlyList<SKColor> Series =
        [Blue, new(0xD9, 0x6A, 0x1D), new(0x1F, 0x8A, 0x70), new(0x8E, 0x5B, 0xB5), new(0x8A, 0x6D, 0x1A), new(0xB8, 0x3D, 0x6E)];

    private static readonly SKColor[] Blues = [SKColors.White, new(0xC4, 0xDD, 0xEC), new(0x79, 0xB3, 0xD6), Blue, new(0x0B, 0x3A, 0x78)];
    private static readonly SKColor[] Reds = [SKColors.White, new(0xFA, 0xD0, 0xBC), new(0xEF, 0x92, 0x77), Red, new(0x7A, 0x0A, 0x22)];

    /// <summary>Blue for -1, white for 0, red for 1; what is not a number is grey-brown.</summary>
    public static SKColor Diverging(double share) =>
        double.IsNaN(share) ? Missing : Between(share < 0 ? Blues : Reds, Math.Min(Math.Abs(share), 1));

    /// <summary>White for 0 to dark blue for 1.</summary>
    public static SKColor Sequential(double share) => Between(Blues, Math.Clamp(share, 0, 1));

    private static SKColor Between(SKColor[] stops, double share)
    {
        var place = share * (stops.Length - 1);
        var index = Math.Min((int)place, stops.Length - 2);
        var part = place - index;
        var (from, to) = (stops[index], stops[index + 1]);
        return new SKColor(Mix(from.Red, to.Red, part), Mix(from.Green, to.Green, part), Mix(from.Blue, to.Blue, part));
    }

    private static byte Mix(byte from, byte to, double part) => (byte)Math.Round(from + (to - from) * part);
}

using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>How a line of lettering looks.</summary>
internal readonly record struct TextStyle(SKColor Color, SKTextAlign Align = SKTextAlign.Left, bool IsBold = false);

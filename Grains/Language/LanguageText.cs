using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Language;

/// <summary>A document as a model sees it.</summary>
/// <param name="Number">Its number, from 0, over all sources.</param>
/// <param name="Tokens">Its tokens as text, unknown ones as well.</param>
/// <param name="Ids">Their ids.</param>
public sealed record LanguageText(long Number, ImmutableArray<string> Tokens, int[] Ids);

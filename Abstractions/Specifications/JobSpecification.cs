using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>
/// What a job is to do, validated as a whole before it is sent: immutable, stored with the job and with the model.
/// </summary>
[GenerateSerializer, Immutable, Alias("explicit.JobSpecification")]
public sealed record JobSpecification
{
    /// <summary>Name of the model; matches <c>[a-z0-9][a-z0-9._-]{0,63}</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>The rows to learn from and to evaluate on.</summary>
    [Id(1)] public required DataSpecification Data { get; init; }

    /// <summary>Feature maps, side by side in one row.</summary>
    [Id(2)] public required ImmutableArray<FeatureMapSpecification> Features { get; init; }

    /// <summary>Temperature and smoothing of the explicit solution.</summary>
    [Id(3)] public SolveSpecification Solve { get; init; } = new();

    /// <summary>Which rows the stored weights are evaluated on.</summary>
    [Id(4)] public EvaluateRows Evaluate { get; init; } = EvaluateRows.All;

    /// <summary>Seed of everything drawn at random; the explicit solution draws nothing.</summary>
    [Id(5)] public long Seed { get; init; } = 1;

    /// <summary>Rows that a code must have occurred in to be kept; rarer ones are merged. 1 keeps every code seen.</summary>
    [Id(6)] public int Compact { get; init; } = 1;

    /// <summary>What follows the explicit solution.</summary>
    [Id(7)] public RefineSpecification Refine { get; init; } = new();

    /// <summary>Of a classifier of texts or of sparse rows, which has no feature maps; null where rows are others.</summary>
    [Id(9)] public TextSpecification? Text { get; init; }

    /// <summary>Of a language model, which has no feature maps; null for a classifier.</summary>
    [Id(8)] public LanguageSpecification? Language { get; init; }

    /// <summary>Layers below, from the bottom up; the map <c>layer</c> of a layer above stands for one of them.</summary>
    [Id(10)] public ImmutableArray<LayerSpecification> Layers { get; init; } = [];

    /// <summary>Whether the rows of the top are blocks, and not dense.</summary>
    [JsonIgnore]
    public bool IsOfBlocks => Features.All(map => map.Map switch
    {
        FeatureMapKind.Pixels or FeatureMapKind.Complement => false,
        FeatureMapKind.Layer => Layers[map.Number - 1].Activation == LayerActivation.Classes,
        _ => true,
    });

    /// <summary>How the training sources were chosen from more; null where all of them are learned from.</summary>
    [Id(11)] public SliceSpecification? Slice { get; init; }

    /// <summary>Of a job that tries settings and publishes no model; null for one that publishes.</summary>
    [Id(12)] public GridSpecification? Grid { get; init; }

    /// <summary>Of a job that shows what more data brings, and publishes no model; null for one that publishes.</summary>
    [Id(13)] public CurveSpecification? Curve { get; init; }

    /// <summary>What texts are split into, by the top and by the layers below; none where rows are no texts, or words in lower case.</summary>
    [JsonIgnore]
    public IEnumerable<TokenSpecification> Tokens =>
        Layers.Select(layer => layer.Text?.Tokens).Append(Text?.Tokens).Append(Language?.Tokens).OfType<TokenSpecification>();

    /// <summary>Whether the top or a layer below it is refined.</summary>
    [JsonIgnore]
    public bool Refines => Refine.Method != RefineMethod.None || Layers.Any(layer => layer.Refine.Method != RefineMethod.None);

    /// <summary>Whether the training rows of the held-out fold decide and are not learned from.</summary>
    public bool HoldsOut => Refine is { Method: RefineMethod.Averaging, Averaging.HoldOut: true };
}

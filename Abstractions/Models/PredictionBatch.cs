using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Models;

/// <summary>Probabilities of some rows: (rows, C), row-major, in the order of the model's labels.</summary>
[GenerateSerializer, Immutable, Alias("explicit.PredictionBatch")]
public sealed record PredictionBatch(
    [property: Id(0)] long FirstRow,
    [property: Id(1)] ImmutableArray<double> Probabilities);

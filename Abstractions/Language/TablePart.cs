using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>One part of the counts of one set of lags.</summary>
/// <param name="Cells">Number of cells.</param>
/// <param name="Seen">Cells that were seen once, twice, three and four times.</param>
/// <param name="Sha256">Hex SHA-256 of the cells and counts.</param>
[GenerateSerializer, Immutable, Alias("explicit.TablePart")]
public sealed record TablePart(
    [property: Id(0)] long Cells,
    [property: Id(1)] ImmutableArray<long> Seen,
    [property: Id(2)] string Sha256);

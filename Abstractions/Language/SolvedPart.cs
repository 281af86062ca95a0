namespace ExplicitCluster.Abstractions.Language;

/// <summary>One part of the table of one set of lags, solved and in the store.</summary>
/// <param name="Sha256">Hex SHA-256 of the artifact.</param>
/// <param name="Rows">Contexts that it has.</param>
/// <param name="Cells">Cells that it has.</param>
[GenerateSerializer, Immutable, Alias("explicit.SolvedPart")]
public sealed record SolvedPart(
    [property: Id(0)] string Sha256,
    [property: Id(1)] int Rows,
    [property: Id(2)] int Cells);

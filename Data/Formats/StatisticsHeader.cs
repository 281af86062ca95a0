using System.Collections.Immutable;

namespace ExplicitCluster.Data.Formats;

/// <summary>What a statistics file says before its counts.</summary>
/// <param name="Labels">Names of the C classes, in the file's order.</param>
/// <param name="Inputs">D.</param>
/// <param name="ClassRows">(C) rows a class, rows of zero norm left out.</param>
/// <param name="ClassMass">(C) column sums of F, in fixed-point units.</param>
/// <param name="ZeroRows">Rows of zero norm.</param>
/// <param name="BlockHashes">What the writer passed.</param>
public sealed record StatisticsHeader(
    ImmutableArray<string> Labels,
    int Inputs,
    ImmutableArray<long> ClassRows,
    ImmutableArray<long> ClassMass,
    long ZeroRows,
    ImmutableArray<string> BlockHashes);

using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models;

/// <summary>A source by what it was read from and by its content.</summary>
public sealed record LineageSource(string Id, ImmutableArray<string> Files, long Rows);

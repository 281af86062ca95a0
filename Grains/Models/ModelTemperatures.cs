using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models;

/// <summary>The temperatures of a solution by groups.</summary>
/// <param name="Layers">Of each layer four a group, by the training rows with a feature: up to 3, 4 to 19, 20 to 149, 150 and more.</param>
/// <param name="CrossEntropy">Left-out cross-entropy on the training rows, nats.</param>
public sealed record ModelTemperatures(ImmutableArray<ImmutableArray<double>> Layers, double CrossEntropy);

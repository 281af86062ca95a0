namespace ExplicitCluster.Grains.Models;

/// <summary>An input's mean share in the rows of a class, and the nats it adds to the class's score there.</summary>
public readonly record struct InputContribution(int Input, double Share, double Contribution);

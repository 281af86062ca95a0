namespace ExplicitCluster.Abstractions.Grid;

/// <param name="CrossEntropy">Nats a row.</param>
/// <param name="Accuracy">Share of rows that are right.</param>
public sealed record GridFigures(double CrossEntropy, double Accuracy);

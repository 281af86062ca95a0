namespace ExplicitCluster.Client.Specifications;

/// <summary>Where a piece of a specification was written: a line of the file, or an override.</summary>
internal readonly record struct Origin(string Where, int? Line);

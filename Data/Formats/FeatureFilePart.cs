namespace ExplicitCluster.Data.Formats;

/// <summary>Where a group of features lies in its file.</summary>
/// <param name="Count">Features.</param>
/// <param name="Offset">Of their numbers of rows; ends and bytes follow.</param>
internal readonly record struct FeatureFilePart(int Count, long Offset);

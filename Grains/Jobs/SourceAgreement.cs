using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>What sources must have in common before their rows may meet: shape, and names and order of columns.</summary>
public static class SourceAgreement
{
    /// <summary>More labels would make confusion matrices of gigabytes.</summary>
    private const int MostLabels = 4096;

    /// <exception cref="JobException">Sources of a job that do not go together.</exception>
    public static void Check(ImmutableArray<SourceManifest> train, ImmutableArray<SourceManifest> test)
    {
        var first = train[0];
        foreach (var other in train.Concat(test))
        {
            if (other.Shape != first.Shape || other.Holds != first.Holds)
                throw new JobException($"{PathOf(other)} holds {other.Holds}, and {PathOf(first)} holds {first.Holds}", "give sources of one shape in a job");
            CheckColumns(other, first.ColumnNames, PathOf(first));
        }
        var known = train.SelectMany(source => source.Labels).ToHashSet(StringComparer.Ordinal);
        if (known.Count > MostLabels)
            throw new JobException($"the training rows have {known.Count:N0} labels; this version takes at most {MostLabels:N0}", "name another label column, or merge rare labels");
    }

    /// <summary>Where both have headers, columns must have the same names in the same order.</summary>
    /// <exception cref="JobException">They do not.</exception>
    public static void CheckColumns(SourceManifest source, ImmutableArray<string> expected, string where)
    {
        if (source.ColumnNames.IsEmpty || expected.IsEmpty)
            return;
        for (var i = 0; i < expected.Length; i++)
        {
            if (source.ColumnNames[i] != expected[i])
            {
                throw new JobException(
                    $"{PathOf(source)} has column {i + 1} '{source.ColumnNames[i]}' (labels not counted), and {where} has '{expected[i]}' there",
                    "give the columns the same names and order");
            }
        }
    }

    private static string PathOf(SourceManifest source) => source.Files[0].Path;
}

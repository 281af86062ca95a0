using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Some hundred sparse rows with labels, as libsvm files beside a store.</summary>
internal sealed class SmallSparse : IDisposable
{
    public const int TrainRows = 240;
    public const int TestRows = 60;

    private readonly TemporaryFolder _folder = new();

    public SmallSparse()
    {
        Train = Write("train.svm", 1, TrainRows, _ => true);
        Test = Write("test.svm", 2, TestRows, _ => true);
    }

    public string Store => Path.Combine(_folder.Path, "store");

    /// <summary>Label and values of every training row; the values of a test row may have indices that no training row has.</summary>
    public IReadOnlyList<(string Label, (int Index, float Value)[] Values)> Train { get; }

    public IReadOnlyList<(string Label, (int Index, float Value)[] Values)> Test { get; }

    public static TextSpecification AsTheyStand { get; } = new() { Groups = [new FeatureGroupSpecification { Map = FeatureGroupKind.Sparse }] };

    public SourceSpecification Source(string file) => new() { Format = SourceFormat.Libsvm, Path = Path.Combine(_folder.Path, file) };

    public JobSpecification Specification(TextSpecification text, int shardRows, SolveSpecification? solve = null) => new()
    {
        Name = "sparse",
        Data = new DataSpecification { Train = [Source("train.svm")], Test = [Source("test.svm")], ShardRows = shardRows },
        Features = [],
        Text = text,
        Solve = solve ?? new SolveSpecification { Beta = 0.5 },
    };

    /// <summary>Writes rows from a seed; those that <paramref name="keeps"/> does not want are left out.</summary>
    public IReadOnlyList<(string Label, (int Index, float Value)[] Values)> Write(string file, int seed, int rows, Func<int, bool> keeps)
    {
        var random = new Random(seed);
        var written = new List<(string Label, (int, float)[] Values)>();
        for (var row = 0; row < rows; row++)
        {
            var label = random.Next(3);
            var indices = Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(3) == 0 ? random.Next(120) * 1000 + seed : (40 * label + random.Next(60)) % 120).Distinct().Order();
            (int, float)[] values = [.. indices.Select(index => (index, random.Next(1, 9) / 4f))];
            if (keeps(row))
                written.Add(($"{label}", values));
        }
        File.WriteAllLines(Path.Combine(_folder.Path, file), written.Select(row => string.Join(
            ' ', row.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Item1}:{value.Item2}")).Prepend(row.Label))));
        return written;
    }

    public void Dispose() => _folder.Dispose();
}

using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Ten sources of made-up images of three classes, by turns gzip (decoded into the store) and plain (read in place), not written to of late.</summary>
public sealed class TenSources : IDisposable
{
    private const int Rows = 60;
    private const int Side = SmallImages.Side;

    private readonly TemporaryFolder _folder = new();

    public TenSources()
    {
        var random = new Random(7);
        All = [.. Enumerable.Range(0, 10).Select(source => Write(random, source))];
    }

    public ImmutableArray<SourceSpecification> All { get; }

    public string StoreOf(string name) => _folder[name];

    /// <summary>K and alpha fixed, nothing evaluated: nothing but the statistics needs a row.</summary>
    public static JobSpecification Specification(IEnumerable<SourceSpecification> sources, FeatureMapSpecification feature) => new()
    {
        Name = "ten",
        Data = new DataSpecification { Train = [.. sources], ShardRows = 25 },
        Features = [feature],
        Solve = new SolveSpecification { K = [4], Alpha = [.01] },
        Evaluate = EvaluateRows.None,
    };

    /// <summary>Every file becomes nonsense that only reading it would show: length and time stay.</summary>
    public void Spoil()
    {
        foreach (var file in All.SelectMany(source => new[] { source.Images!, source.Labels! }))
        {
            var time = File.GetLastWriteTimeUtc(file);
            File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
            File.SetLastWriteTimeUtc(file, time);
        }
    }

    public void Dispose() => _folder.Dispose();

    private SourceSpecification Write(Random random, int source)
    {
        var labels = new byte[Rows];
        var pixels = new byte[Rows * Side * Side];
        random.NextBytes(pixels);
        for (var m = 0; m < Rows; m++)
            labels[m] = (byte)random.Next(3);
        var images = IdxFile.Images(Rows, Side, Side, pixels);
        var files = new SourceSpecification
        {
            Format = SourceFormat.Idx,
            Images = _folder.Write($"{source}/images", source % 2 == 0 ? Gzip.Of(images) : images),
            Labels = _folder.Write($"{source}/labels", IdxFile.Labels(labels)),
        };
        foreach (var file in (string[])[files.Images, files.Labels])
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        return files;
    }
}

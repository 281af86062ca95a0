using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests.Language;

/// <summary>Verses of the King James text in a file, a store beside them, and specifications of language models on them.</summary>
public sealed class VerseFiles : IDisposable
{
    private static readonly Lazy<byte[]> Text = new(KingJames.Text);

    private readonly TemporaryFolder _folder = new();

    public string Store => Path.Combine(_folder.Path, "store");

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Sets of lags as one writes them.</summary>
    public static ImmutableArray<ImmutableArray<int>> Lags(string sets) => [.. sets.Split(' ').Select(set => set.Split(',').Select(int.Parse).ToImmutableArray())];

    /// <summary>A file of verses, a line each; all of them where no number is given.</summary>
    public string Write(string name, int verses = int.MaxValue, Func<int, bool>? isIn = null)
    {
        var path = PathOf(name);
        using var file = File.Create(path);
        var text = Text.Value.AsSpan();
        for (var verse = 0; !text.IsEmpty && verse < verses; verse++)
        {
            var end = text.IndexOf((byte)'\n') + 1;
            if (isIn is null || isIn(verse))
                file.Write(text[..end]);
            text = text[end..];
        }
        return path;
    }

    /// <summary>Every tenth document of the file is test, others are learned from.</summary>
    public static JobSpecification Split(string path, LanguageSpecification language)
    {
        var source = new SourceSpecification { Format = SourceFormat.Text, Path = path };
        return new JobSpecification
        {
            Name = "verses",
            Features = [],
            Data = new DataSpecification
            {
                Train = [source with { Split = new RowSplit(10, 9, IsHeldOut: false) }],
                Test = [source with { Split = new RowSplit(10, 9, IsHeldOut: true) }],
            },
            Language = language,
            Evaluate = EvaluateRows.Test,
        };
    }

    public void Dispose() => _folder.Dispose();
}

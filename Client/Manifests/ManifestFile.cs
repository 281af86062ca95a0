using System.Collections.Immutable;
using System.Text;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Manifests;

/// <summary>The file of a specification whose <c>data.train</c> is edited in place.</summary>
public sealed class ManifestFile
{
    private readonly string _path;
    private readonly string _text;

    private ManifestFile(string path, string text, JobSpecification specification) => (_path, _text, Specification) = (path, text, specification);

    public JobSpecification Specification { get; }

    public ImmutableArray<SourceSpecification> Sources => Specification.Data.Train;

    private string Folder => Path.GetDirectoryName(Path.GetFullPath(_path))!;

    /// <exception cref="SpecificationException">The file cannot be read or has mistakes.</exception>
    public static ManifestFile Open(string path)
    {
        var text = SpecificationReader.TextOf(path);
        return new ManifestFile(path, text, SpecificationReader.Parse(path, text, []));
    }

    public void Add(SourceSpecification source) => Write(new ManifestEdit(_text, Folder).Add(source), Sources.Add(source));

    /// <summary>One of several sources goes.</summary>
    /// <exception cref="JobException">Entries of the file are not those of the list of sources.</exception>
    public void Remove(int index) => Write(Edit().Remove(index), Sources.RemoveAt(index));

    public void SetRemoved(int index, ImmutableArray<RemovedRows> removed) =>
        Write(Edit().SetRemoved(index, removed), Sources.SetItem(index, Sources[index] with { Removed = removed }));

    /// <summary>An edit of one of the sources, which must stand in the file one by one.</summary>
    private ManifestEdit Edit()
    {
        var edit = new ManifestEdit(_text, Folder);
        return edit.Count == Sources.Length
            ? edit
            : throw new JobException($"{_path}: data.train has {edit.Count} entries that mean {Sources.Length} files; a source of a folder cannot be edited by itself", "name the files one by one in data.train");
    }

    /// <summary>Replaces the file in one step, if the new text says what was meant.</summary>
    /// <exception cref="JobException">It does not, or the file cannot be written.</exception>
    private void Write(string text, ImmutableArray<SourceSpecification> expected)
    {
        if (!Says(text, expected))
            throw new JobException($"{_path}: data.train is written in a way that cannot be edited in place; the file is unchanged", "write it as a list with a line for each source, or edit it by hand");
        var file = File.ResolveLinkTarget(_path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(_path);
        var temporary = Path.Combine(Path.GetDirectoryName(file)!, $".tmp-{Guid.NewGuid():N}");
        try
        {
            if (SpecificationReader.TextOf(_path) != _text)
                throw new JobException($"{_path} has changed while it was edited; it is as the other has written it", "run the command again");
            var hasMark = File.ReadAllBytes(file).AsSpan().StartsWith(Encoding.UTF8.Preamble);
            File.WriteAllText(temporary, text, new UTF8Encoding(hasMark));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(file));
            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"{_path} cannot be written: {exception.Message}", "check its permissions and the disk");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private bool Says(string text, ImmutableArray<SourceSpecification> expected)
    {
        try
        {
            var data = SpecificationReader.Parse(_path, text, []).Data;
            return data.ShardRows == Specification.Data.ShardRows && AreEqual(data.Train, expected)
                // Where training sources are split, the test rows are theirs.
                && (data.Test.Any(source => source.Split is not null) || AreEqual(data.Test, Specification.Data.Test));
        }
        catch (SpecificationException)
        {
            return false;
        }
    }

    private static bool AreEqual(ImmutableArray<SourceSpecification> left, ImmutableArray<SourceSpecification> right) =>
        left.Length == right.Length && left.Zip(right).All(pair =>
            pair.First with { Removed = [], Tags = [], Split = null } == pair.Second with { Removed = [], Tags = [], Split = null }
            && pair.First.Removed.SequenceEqual(pair.Second.Removed) && pair.First.Tags.SequenceEqual(pair.Second.Tags));
}

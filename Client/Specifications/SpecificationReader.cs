using System.Buffers;
using System.Text;
using System.Text.Unicode;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>
/// Reads a specification from a YAML or JSON file: overrides first, then all checks that need no data. Every mistake of a file is found at
/// once, and each is one line with its place.
/// </summary>
public static class SpecificationReader
{
    public const int MostBytes = 1 << 20;

    /// <summary>Reads a training job's specification. Relative paths in it, or in an override, are relative to the file's folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sets">Overrides, <c>path=value</c> each, applied in order before validation; a value of null removes its key.</param>
    /// <exception cref="SpecificationException">The file cannot be read or has mistakes.</exception>
    public static JobSpecification Read(string path, IReadOnlyList<string> sets) => Parse(path, TextOf(path), sets);

    /// <summary>As <see cref="Read"/>, of a job that tries the settings of the key <c>grid</c>, or the default ones, on the training rows.</summary>
    /// <exception cref="SpecificationException">The file cannot be read or has mistakes, or its features make no grid.</exception>
    public static JobSpecification ReadGrid(string path, IReadOnlyList<string> sets)
    {
        var problems = new ProblemList(path);
        var sections = new JobSections(problems, FolderOf(path));
        var specification = sections.Read(Section.Root(problems, ReadRoot(TextOf(path), sets, problems)));
        if (sections.Grid is null)
            problems.Add(problems.File, "a grid takes images and tables, and the features are of texts; use 'explicit train', which tries several k and alpha on held-out rows");
        RefuseLayers(problems, specification, "a grid");
        if (specification.Solve.ClassWeights is not null)
            problems.Add(problems.File, "a grid tries classes that weigh alike, and 'solve.classWeights' is given; remove it");
        if (specification.Data.WithoutFold is not null)
            problems.Add(problems.File, "a grid leaves every fold out in turn, and 'data.withoutFold' names one; remove it");
        problems.ThrowIfAny();
        return specification with
        {
            Data = specification.Data with { Test = [] },
            Evaluate = EvaluateRows.None,
            Refine = new RefineSpecification(),
            Grid = sections.Grid,
        };
    }

    /// <summary>As <see cref="Read"/>, of a job that evaluates explicit solutions on the test rows; what would follow them is passed over.</summary>
    /// <exception cref="SpecificationException">The file cannot be read or has mistakes, or there is nothing to evaluate on.</exception>
    public static JobSpecification ReadCurve(string path, IReadOnlyList<string> sets)
    {
        var problems = new ProblemList(path);
        var specification = new JobSections(problems, FolderOf(path)).Read(Section.Root(problems, ReadRoot(TextOf(path), sets, problems)));
        if (specification.Text is not null || specification.Language is not null)
            problems.Add(problems.File, "a learning curve takes images and tables, and the features are of texts: their vocabulary would change with the data; remove shards with 'removed' and train instead");
        else if (specification.Data.Test.IsEmpty)
            problems.Add(problems.File, "a learning curve needs test rows, and there are none; add data.test, or data.split");
        RefuseLayers(problems, specification, "a learning curve");
        problems.ThrowIfAny();
        return specification with { Evaluate = EvaluateRows.Test, Compact = 1, Refine = new RefineSpecification() };
    }

    /// <summary>As <see cref="Read"/>, of jobs that start and refine in several ways.</summary>
    /// <exception cref="SpecificationException">The file cannot be read or has mistakes, or its jobs cannot be refined.</exception>
    public static JobSpecification ReadStudy(string path, IReadOnlyList<string> sets)
    {
        var problems = new ProblemList(path);
        var specification = new JobSections(problems, FolderOf(path)).Read(Section.Root(problems, ReadRoot(TextOf(path), sets, problems)));
        if (specification.Text is not null || specification.Language is not null)
            problems.Add(problems.File, "a study refines features of numbers, and those given are others; use 'explicit train'");
        if (specification.Solve.ByGroup)
            problems.Add(problems.File, "a study refines features of one encoding, and 'solve.k' is 'groups'; give k as a number, a list or auto");
        if (specification.Data.WithoutFold is not null)
            problems.Add(problems.File, "a study refines on all rows, and 'data.withoutFold' leaves some out; remove it");
        if (specification.Solve.ClassWeights is not null)
            problems.Add(problems.File, "a study refines rows that count alike, and 'solve.classWeights' is given; remove it");
        problems.ThrowIfAny();
        return specification;
    }

    /// <summary>Layers below have learned from all rows, also from those that a fold or a part of the data leaves out; and K of groups are found together.</summary>
    private static void RefuseLayers(ProblemList problems, JobSpecification specification, string who)
    {
        if (specification.Solve.ByGroup)
            problems.Add(problems.File, $"{who} takes one K for all features, and 'solve.k' is 'groups'; give k as a number, a list or auto, or train each setting by itself");
        if (!specification.Layers.IsEmpty)
            problems.Add(problems.File, $"{who} takes one layer, and 'layers' has {specification.Layers.Length} below it; remove 'layers', or train each setting by itself");
    }

    /// <summary>As <see cref="Read"/>, of a text that is, or is to be, the file's.</summary>
    internal static JobSpecification Parse(string path, string text, IReadOnlyList<string> sets)
    {
        var problems = new ProblemList(path);
        var root = ReadRoot(text, sets, problems);
        var specification = new JobSections(problems, FolderOf(path)).Read(Section.Root(problems, root));
        problems.ThrowIfAny();
        return specification;
    }

    /// <summary>The file's text, without a byte order mark.</summary>
    /// <exception cref="SpecificationException">The file cannot be read or holds no text.</exception>
    internal static string TextOf(string path)
    {
        var problems = new ProblemList(path);
        var text = ReadText(path, problems);
        problems.ThrowIfAny();
        return text;
    }

    /// <summary>
    /// Reads the rows to evaluate or predict from a file that is a job's specification, of which only <c>data</c> counts, or that holds the
    /// keys of <c>data</c> (train, test, shardRows) themselves. One of train and test is enough.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="sets">Overrides as in <see cref="Read"/>.</param>
    /// <param name="labelsRequired">False where rows are only predicted: sources may then have no labels.</param>
    /// <exception cref="SpecificationException">The file cannot be read or has mistakes.</exception>
    public static DataSpecification ReadData(string path, IReadOnlyList<string> sets, bool labelsRequired = true)
    {
        var problems = new ProblemList(path);
        var root = Section.Root(problems, ReadRoot(TextOf(path), sets, problems));
        var section = root;
        if (root.Find("data") is { } field)
        {
            JobSections.RefuseOthers(root);
            section = Section.Of(problems, field, "data: { test: ... }");
        }
        var data = section is null ? null : new DataSection(problems, FolderOf(path)).ReadForModel(section, labelsRequired);
        problems.ThrowIfAny();
        return data!;
    }

    private static MappingNode ReadRoot(string text, IReadOnlyList<string> sets, ProblemList problems)
    {
        var root = SpecificationTree.ReadFile(text, problems);
        if (root is not null and not MappingNode)
            problems.Add(root.Origin, $"the file holds {root.Describe()}; expected a mapping with the keys name, data and features");
        if (root is not MappingNode mapping)
        {
            problems.ThrowIfAny();
            throw new InvalidOperationException("A specification without a root has a problem.");
        }
        new SetOverrides(problems).Apply(mapping, sets);
        return mapping;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);

    private static string ReadText(string path, ProblemList problems)
    {
        if (string.IsNullOrEmpty(path))
            problems.Add(
                new Origin("SPEC", null),
                "the path of the specification is empty; give a YAML or JSON file, e.g. examples/fashion-patches.yaml");
        else if (Directory.Exists(path))
            problems.Add(problems.File, "this is a folder; expected a YAML or JSON file: name a file in it");
        else if (!File.Exists(path))
            problems.Add(problems.File, "there is no such file; check the path, or start from one in examples/");
        problems.ThrowIfAny();
        try
        {
            return Decode(ReadBytes(path), problems);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                problems.File, $"the file cannot be read ({Quoted.Escape(exception.Message.TrimEnd('.'))}); check its permissions");
            return "";
        }
    }

    /// <summary>At most one byte more than is allowed, whatever the file says of its length.</summary>
    private static byte[] ReadBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[MostBytes + 1];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static string Decode(byte[] bytes, ProblemList problems)
    {
        if (bytes.Length > MostBytes)
        {
            problems.Add(problems.File, "the file is larger than 1 MiB; a specification is a few lines: is this a data file?");
            return "";
        }
        var content = bytes.AsSpan();
        if (content.StartsWith(Encoding.UTF8.Preamble))
            content = content[Encoding.UTF8.Preamble.Length..];
        var characters = new char[content.Length];
        if (Utf8.ToUtf16(content, characters, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            problems.Add(new Origin(problems.Path, LineOf(characters, written)), "the text is not UTF-8; save the file as UTF-8");
            return "";
        }
        var zero = Array.IndexOf(characters, '\0', 0, written);
        if (zero < 0)
            return new string(characters, 0, written);
        problems.Add(
            new Origin(problems.Path, LineOf(characters, zero)),
            "there is a character 0, so this is no text; expected YAML or JSON: is this a data file?");
        return "";
    }

    private static int LineOf(char[] text, int index) => text.AsSpan(0, index).Count('\n') + 1;
}

using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ExplicitCluster.Bench;

/// <summary>
/// Names and descriptions of Debian's packages and the section each is in, from the lists that apt has. Every paragraph with Package, Section and Description;
/// the text is name and first line of the description, lower case, all but a-z and 0-9 made single spaces; the label is the section after its last slash.
/// Rows are in order of name, description and section. A tenth of the names is for tests, by their SHA-1.
/// </summary>
internal sealed record DebianSections(IReadOnlyList<SectionRow> Train, IReadOnlyList<SectionRow> Test)
{
    /// <summary>The beginning of the SHA-256 of all rows: figures are comparable between equal ones.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Train.Concat(Test).Select(row => $"{row.Text}\t{row.Label}")))))[..16];

    /// <summary>Writes train.tsv and test.tsv, with the columns label, package and text, and tells how many rows there are.</summary>
    public static int Write(string folder)
    {
        var sections = Load();
        Directory.CreateDirectory(folder);
        WriteRows(Path.Combine(folder, "train.tsv"), sections.Train);
        WriteRows(Path.Combine(folder, "test.tsv"), sections.Test);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sections.Train.Count:N0} rows to train and {sections.Test.Count:N0} to test in {folder}, hash {sections.Hash}"));
        return 0;
    }

    public static DebianSections Load()
    {
        var rows = new List<(byte[] Key, string Name, string Description, string Section)>();
        foreach (var paragraph in Dump().Split("\n\n"))
        {
            string? name = null, section = null, description = null;
            foreach (var line in paragraph.Split('\n'))
            {
                name = After(line, "Package: ") ?? name;
                section = After(line, "Section: ") ?? section;
                description = After(line, "Description: ") ?? description;
            }
            if (name is not null && section is not null && description is not null)
            {
                section = section[(section.LastIndexOf('/') + 1)..];
                rows.Add((Encoding.UTF8.GetBytes($"{name}\0{description}\0{section}"), name, description, section));
            }
        }
        rows.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        var (train, test) = (new List<SectionRow>(), new List<SectionRow>());
        foreach (var (_, name, description, section) in rows)
            (IsTest(name) ? test : train).Add(new SectionRow(section, name, TextOf($"{name} {description}")));
        return new DebianSections(train, test);
    }

    private static void WriteRows(string path, IEnumerable<SectionRow> rows) =>
        File.WriteAllText(path, string.Concat(rows.Select(row => $"{row.Label}\t{row.Package}\t{row.Text}\n").Prepend("label\tpackage\ttext\n")));

    private static string Dump()
    {
        using var process = Process.Start(new ProcessStartInfo("apt-cache", "dumpavail") { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && text.Length > 0
            ? text
            : throw new InvalidOperationException("apt-cache dumpavail gave nothing; this needs a Debian machine whose lists of packages are there: apt-get update");
    }

#pragma warning disable CA5350 // Only divides names evenly; the figures in the documents are for this split.
    private static bool IsTest(string name) =>
        new BigInteger(SHA1.HashData(Encoding.UTF8.GetBytes(name)), isUnsigned: true, isBigEndian: true) % 10 == 0;
#pragma warning restore CA5350

    private static string? After(string line, string key) => line.StartsWith(key, StringComparison.Ordinal) ? line[key.Length..] : null;

    private static string TextOf(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
                plain.Append(c);
            else if (plain.Length == 0 || plain[^1] != ' ')
                plain.Append(' ');
        }
        return plain.ToString();
    }
}

using System.IO.Compression;
using System.Reflection;

namespace ExplicitCluster.Data.Tokens;

/// <summary>A byte-pair encoding whose vocabulary comes with the program, in a package of Microsoft.ML.Tokenizers.</summary>
/// <param name="Name">Its name in a specification.</param>
/// <param name="Package">What the name of the package ends with.</param>
/// <param name="Count">Number of its tokens.</param>
/// <param name="Sha256">Hex SHA-256 of its vocabulary, as of the file that tiktoken reads.</param>
/// <param name="Pattern">What cuts texts into pieces.</param>
public sealed record KnownEncoding(string Name, string Package, int Count, string Sha256, string Pattern)
{
    private static readonly string[] O200k =
    [
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        @"\p{N}{1,3}",
        @" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        @"\s*[\r\n]+",
        @"\s+(?!\S)",
        @"\s+",
    ];

    private static readonly string[] Cl100k =
    [
        @"'(?i:[sdmt]|ll|ve|re)",
        @"(?>[^\r\n\p{L}\p{N}]?)(?>\p{L}+)",
        @"(?>\p{N}{1,3})",
        @" ?(?>[^\s\p{L}\p{N}]+)(?>[\r\n]*)",
        @"(?>\s+)$",
        @"\s*[\r\n]",
        @"\s+(?!\S)",
        @"\s",
    ];

    private static readonly string[] Gpt2 =
        [@"'(?:[sdmt]|ll|ve|re)", @" ?(?>\p{L}+)", @" ?(?>\p{N}+)", @" ?(?>[^\s\p{L}\p{N}]+)", @"(?>\s+)$", @"\s+(?!\S)", @"\s"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownEncoding> All { get; } =
    [
        new("cl100k_base", "Cl100kBase", 100_256, "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7", string.Join('|', Cl100k)),
        new("o200k_base", "O200kBase", 199_998, "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d", string.Join('|', O200k)),
        new("gpt2", "Gpt2", 50_256, "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930", string.Join('|', Gpt2)),
    ];

    /// <summary>Pieces of a vocabulary that comes from a file, where its specification gives no pattern: those of cl100k_base.</summary>
    public static string DefaultPattern => All[0].Pattern;

    /// <summary>The encoding of a name; null where there is none.</summary>
    public static KnownEncoding? Find(string name) => All.FirstOrDefault(known => known.Name == name);

    /// <summary>The vocabulary, from the package.</summary>
    public BytePairVocabulary Load()
    {
        var assembly = Assembly.Load($"Microsoft.ML.Tokenizers.Data.{Package}");
        using var packed = assembly.GetManifestResourceStream($"{Name}.tiktoken.deflate") ?? throw new InvalidOperationException($"The package of {Name} has no vocabulary.");
        using var unpacked = new DeflateStream(packed, CompressionMode.Decompress);
        using var text = new MemoryStream();
        unpacked.CopyTo(text);
        var vocabulary = BytePairVocabulary.Parse(text.GetBuffer().AsSpan(0, (int)text.Length), Name);
        return vocabulary.Sha256 == Sha256 ? vocabulary : throw new InvalidOperationException($"The vocabulary of {Name} has SHA-256 {vocabulary.Sha256}, and {Sha256} was expected.");
    }
}

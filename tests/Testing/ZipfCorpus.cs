using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Testing;

/// <summary>A made-up text: words of four letters, word r as often as 1 / r, 200 of them a line. The same seed gives the same bytes.</summary>
public static class ZipfCorpus
{
    private const int Words = 60_000;
    private const int LineWords = 200;

    /// <summary>Bytes of a line, and of its end.</summary>
    public const int LineBytes = 5 * LineWords;

    public static void Write(string path, long bytes)
    {
        var sums = new double[Words];
        var sum = 0.0;
        for (var word = 0; word < Words; word++)
            sums[word] = sum += 1.0 / (word + 1);
        var texts = Enumerable.Range(0, Words).Select(TextOf).ToArray();
        var random = new SplitMix64(1);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        for (long written = 0, word = 0; written < bytes; word++)
        {
            var at = Array.BinarySearch(sums, (random.Next() >> 11) * (1.0 / (1L << 53)) * sum);
            var text = texts[Math.Min(at < 0 ? ~at : at, Words - 1)];
            file.Write(text);
            file.WriteByte(word % LineWords == LineWords - 1 ? (byte)'\n' : (byte)' ');
            written += text.Length + 1;
        }
    }

    /// <summary>Four letters, so that a word is about as long as words are.</summary>
    private static byte[] TextOf(int word) => [.. Enumerable.Range(0, 4).Select(_ =>
    {
        var letter = (byte)('a' + word % 26);
        word /= 26;
        return letter;
    })];
}

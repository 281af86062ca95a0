using System.Text;
using CsCheck;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Data.Tokens;
using ExplicitCluster.Numerics.Tokens;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Tokens;

public sealed class BytePairTests
{
    /// <summary>Ranks as tiktoken gives them; the hashes of the vocabularies, which are checked at loading, are those that it checks its files by.</summary>
    [Theory]
    [InlineData("cl100k_base", "9906 11 1917 0 358 6 4178 220 1518 881 220 4513 1774 95980 588 76502 22656 45918 252 62904 235 9468 237 121 8871 596 1602 256")]
    [InlineData("o200k_base", "13225 11 2375 0 3413 7454 220 1921 1414 220 7633 2548 153475 737 17428 40909 160433 52622 121 8734 885 2775 256")]
    [InlineData("gpt2", "15496 11 995 0 314 6 3069 220 766 201 198 201 198 17031 2231 41492 10545 245 98 17312 105 45739 252 50169 235 8582 237 121 7283 338 197 198 220 220")]
    public void A_known_encoding_gives_the_tokens_of_tiktoken(string name, string expected)
    {
        const string Text = "Hello, world! I'LL  see\r\n\r\n 12345 naïve 日本語 👍🏽 IT's\t\n  ";
        var known = KnownEncoding.Find(name)!;
        var encoding = new BytePairEncoding(known.Load(), known.Pattern);
        Assert.Equal(known.Count, encoding.Vocabulary.Count);
        Assert.Equal(expected, string.Join(' ', encoding.RanksOf(Text)));
        Assert.Equal(Text, Joined(new BytePairTokenizer(encoding), Encoding.UTF8.GetBytes(Text)));
        Assert.True(encoding.RanksOf("<|endoftext|>").Count > 1, "a special token is a text like others");
    }

    [Fact]
    public void Pairs_are_merged_by_rank_within_pieces_and_tokens_joined_are_the_text()
    {
        var encoding = new BytePairEncoding(BytePairVocabulary.Parse(Small("ab", "abc", "é"), "small"), @"[a-zé]+|\s+|[^a-zé\s]+");
        Assert.Equal("abc|ab| |a|!|é", Split(encoding, "abcab a!é"u8));
        Assert.Equal("ab|\uFFFD|\uFFFD|\uFFFD|ab", Split(encoding, [(byte)'a', (byte)'b', 0xFF, (byte)'a', (byte)'b']));
        var words = new BytePairEncoding(encoding.Vocabulary, "[a-z]+");
        Assert.Equal("ab|c", Split(words, " ab-c! "u8)); // what lies between matches is dropped, as by a pattern alone
        Gen.String[0, 60].Sample(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return Joined(new BytePairTokenizer(encoding), bytes) == Encoding.UTF8.GetString(bytes);
        });
    }

    [Theory]
    [InlineData("AAE= 0\nAA? 1\n", "v, line 2: this is no token; expected a token in base64 and its rank, such as 'IQ== 0'")]
    [InlineData("AAE= 0\n 1\n", "v, line 2: this is no token; expected a token in base64 and its rank, such as 'IQ== 0'")]
    [InlineData("AAE= 1\n", "v, line 1: token 0 has another rank than 0; expected a token in base64 and its rank, such as 'IQ== 0', ranks from 0 on without a gap")]
    [InlineData("AAE= 0\n\nAAE= 1\n", "v, line 3: this token is in the vocabulary already; expected every token once")]
    [InlineData("AAE=\nAA==", "the vocabulary v has 2 tokens and none for the byte 0x01; expected every single byte among them")]
    [InlineData("", "the vocabulary v has 0 tokens and none for the byte 0x00; expected every single byte among them")]
    [InlineData("{\"a\": 1}", "v, line 1: this is no token; expected a token in base64 and its rank, such as 'IQ== 0'")]
    public void A_damaged_vocabulary_is_refused_with_its_line(string text, string cause) =>
        Assert.Equal(cause, Assert.Throws<TokenException>(() => BytePairVocabulary.Parse(Encoding.UTF8.GetBytes(text), "v")).Message);

    [Fact]
    public async Task A_vocabulary_of_a_file_stays_in_the_store_by_its_content()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var (store, path) = (new FolderArtifactStore(Path.Combine(folder.Path, "store")), Path.Combine(folder.Path, "v.tiktoken"));
        await File.WriteAllBytesAsync(path, Small("ab"), cancellation);
        var vocabulary = BytePairStore.ReadFile(path);
        await BytePairStore.EnsureAsync(store, path, vocabulary.Sha256, cancellation);
        File.Delete(path);
        await BytePairStore.EnsureAsync(store, path, vocabulary.Sha256, cancellation);
        Assert.Equal(vocabulary.Text, (await BytePairStore.LoadAsync(store, vocabulary.Sha256, cancellation)).Text);

        var gone = Assert.Throws<TokenException>(() => BytePairStore.ReadFile(path));
        Assert.Equal($"there is no vocabulary {path}", gone.Message);
        await File.WriteAllBytesAsync(path, Small("abc"), cancellation);
        var other = await Assert.ThrowsAsync<TokenException>(() => BytePairStore.EnsureAsync(store, path, new string('0', 64), cancellation));
        Assert.Contains("; expected 0000", other.Message, StringComparison.Ordinal);

        await store.WriteAsync(BytePairStore.NameOf(vocabulary.Sha256), async (stream, token) => await stream.WriteAsync(Small("ba"), token), WriteCondition.Always, cancellation);
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => BytePairStore.LoadAsync(store, vocabulary.Sha256, cancellation));
        await Assert.ThrowsAsync<ArtifactMissingException>(() => BytePairStore.LoadAsync(store, new string('0', 64), cancellation));
    }

    /// <summary>All bytes, and some tokens more.</summary>
    private static byte[] Small(params string[] tokens) => Encoding.ASCII.GetBytes(string.Concat(
        Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).Concat(tokens.Select(Encoding.UTF8.GetBytes)).Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}\n")));

    private static string Split(BytePairEncoding encoding, ReadOnlySpan<byte> text)
    {
        var tokens = new TokenBuffer();
        new BytePairTokenizer(encoding).Split(text, tokens);
        return string.Join('|', Enumerable.Range(0, tokens.Count).Select(i => Encoding.UTF8.GetString(tokens[i])));
    }

    private static string Joined(BytePairTokenizer tokenizer, byte[] text)
    {
        var tokens = new TokenBuffer();
        tokenizer.Split(text, tokens);
        return Encoding.UTF8.GetString([.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens[i].ToArray())]);
    }
}

using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Data.Tokens;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>From the specification of tokens to what splits texts.</summary>
public static class Tokenizers
{
    /// <summary>Encodings of byte pairs take a while to load and never change: those used last stay.</summary>
    private static readonly SharedArtifacts Encodings = new();

    /// <summary>One for one thread.</summary>
    /// <param name="store">Where vocabularies of byte pairs are that do not come with the program.</param>
    /// <param name="tokens">The specification.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="TokenException">The pattern is none.</exception>
    /// <exception cref="JobException">The vocabulary is not in the store.</exception>
    public static async Task<Tokenizer> OfAsync(IArtifactStore store, TokenSpecification tokens, CancellationToken cancellationToken) =>
        (await MakerAsync(store, tokens, cancellationToken))();

    /// <summary>What makes them, without waiting for anything any more.</summary>
    /// <inheritdoc cref="OfAsync"/>
    public static async Task<Func<Tokenizer>> MakerAsync(IArtifactStore store, TokenSpecification tokens, CancellationToken cancellationToken)
    {
        if (tokens.Kind != TokenKind.BytePairs)
            return () => Of(tokens);
        var encoding = await SharedAsync(store, tokens, cancellationToken);
        return () => new BytePairTokenizer(encoding);
    }

    /// <summary>As <see cref="OfAsync"/> for kinds that need no vocabulary.</summary>
    public static Tokenizer Of(TokenSpecification tokens) => tokens.Kind switch
    {
        TokenKind.Words => new WordTokenizer(tokens.LowerCase),
        TokenKind.Pattern => new PatternTokenizer(tokens.Pattern!, tokens.LowerCase),
        TokenKind.Characters => new CharacterTokenizer(tokens.LowerCase),
        TokenKind.Bytes => new ByteTokenizer(),
        _ => throw new ArgumentOutOfRangeException(nameof(tokens), tokens.Kind, "a kind of tokens"),
    };

    /// <summary>Tokens of a byte-pair encoding, the case of letters kept and every token with an id.</summary>
    /// <param name="encoding">The name of a vocabulary that comes with the program, or the path of one.</param>
    /// <param name="pattern">What cuts texts into pieces that no token crosses; that of the encoding where there is none.</param>
    /// <exception cref="TokenException">There is no such file, it is no vocabulary, or the pattern is none.</exception>
    public static TokenSpecification OfBytePairs(string encoding, string? pattern = null)
    {
        var known = KnownEncoding.Find(encoding);
        var file = known is null ? BytePairStore.ReadFile(encoding) : null;
        return new TokenSpecification
        {
            Kind = TokenKind.BytePairs,
            Encoding = encoding,
            EncodingSha256 = known?.Sha256 ?? file!.Sha256,
            Pattern = pattern ?? known?.Pattern ?? KnownEncoding.DefaultPattern,
            LowerCase = false,
            Vocabulary = (known?.Count ?? file!.Count) + 1,
        };
    }

    /// <summary>
    /// All tokens that there can be, where their rule says so and all have ids: then no text changes the vocabulary, and what was counted of other documents stays good. Null for
    /// other tokens, whose vocabulary is those that are seen.
    /// </summary>
    public static async Task<TokenBuffer?> AllAsync(IArtifactStore store, TokenSpecification tokens, CancellationToken cancellationToken)
    {
        var all = new TokenBuffer();
        if (tokens.Kind == TokenKind.Bytes && tokens.Vocabulary > byte.MaxValue + 1)
        {
            for (var value = 0; value <= byte.MaxValue; value++)
                all.Add([(byte)value]);
            return all;
        }
        if (tokens.Kind != TokenKind.BytePairs)
            return null;
        var vocabulary = (await SharedAsync(store, tokens, cancellationToken)).Vocabulary;
        if (tokens.Vocabulary <= vocabulary.Count)
            return null;
        for (var rank = 0; rank < vocabulary.Count; rank++)
            all.Add(vocabulary[rank]);
        return all;
    }

    /// <summary>Puts the vocabulary that a file has into the store, so that silos and models need the file no more. Whether there is one.</summary>
    /// <exception cref="TokenException">The file is gone, or not what it was.</exception>
    public static async Task<bool> EnsureAsync(IArtifactStore store, TokenSpecification tokens, CancellationToken cancellationToken)
    {
        if (!IsInStore(tokens))
            return false;
        await BytePairStore.EnsureAsync(store, tokens.Encoding!, tokens.EncodingSha256!, cancellationToken);
        return true;
    }

    /// <summary>Whether the tokens need an artifact of the store.</summary>
    public static bool IsInStore(TokenSpecification tokens) => tokens.Kind == TokenKind.BytePairs && KnownEncoding.Find(tokens.Encoding!) is null;

    /// <summary>What decides the tokens of a text, for names of artifacts.</summary>
    public static string Describe(TokenSpecification tokens) => FormattableString.Invariant(
        $"tokens {tokens.Kind.ToString().ToLowerInvariant()} {tokens.EncodingSha256}{(tokens.Kind == TokenKind.BytePairs ? " " : "")}{tokens.Pattern} lower {tokens.LowerCase} block {tokens.Block}\n");

    private static Task<BytePairEncoding> SharedAsync(IArtifactStore store, TokenSpecification tokens, CancellationToken cancellationToken) =>
        Encodings.GetAsync($"{tokens.EncodingSha256} {tokens.Pattern}", token => EncodingAsync(store, tokens, token), cancellationToken);

    private static async Task<BytePairEncoding> EncodingAsync(IArtifactStore store, TokenSpecification tokens, CancellationToken cancellationToken)
    {
        try
        {
            var vocabulary = IsInStore(tokens) ? await BytePairStore.LoadAsync(store, tokens.EncodingSha256!, cancellationToken) : KnownEncoding.Find(tokens.Encoding!)!.Load();
            return new BytePairEncoding(vocabulary, tokens.Pattern!);
        }
        catch (ArtifactMissingException missing)
        {
            throw new JobException($"the vocabulary of byte pairs {missing.Name} is not in the store", $"train again while {tokens.Encoding} is there");
        }
    }
}

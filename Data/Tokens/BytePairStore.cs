using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Data.Tokens;

/// <summary>Vocabularies of byte pairs that came from files, as artifacts named by their content: <c>encodings/SHA256</c>.</summary>
public static class BytePairStore
{
    private static string Remedy { get; } = $"check the path, or name one of {string.Join(", ", KnownEncoding.All.Select(known => known.Name))}";

    public static string NameOf(string sha256) => $"encodings/{sha256}";

    /// <summary>Reads a file.</summary>
    /// <exception cref="TokenException">It cannot be read, or is no vocabulary.</exception>
    public static BytePairVocabulary ReadFile(string path)
    {
        if (!File.Exists(path))
            throw new TokenException($"there is no vocabulary {path}", Remedy);
        try
        {
            var length = new FileInfo(path).Length;
            return length <= BytePairVocabulary.MostBytes
                ? BytePairVocabulary.Parse(File.ReadAllBytes(path), path)
                : throw new TokenException($"the vocabulary {path} has {length} bytes; expected at most {BytePairVocabulary.MostBytes}", "give a vocabulary in the format of tiktoken");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TokenException($"the vocabulary {path} cannot be read ({exception.Message.TrimEnd('.')})", Remedy);
        }
    }

    /// <summary>Puts the vocabulary of a file into the store, unless it is there.</summary>
    /// <exception cref="TokenException">The file is not what it was.</exception>
    public static async Task EnsureAsync(IArtifactStore store, string path, string sha256, CancellationToken ct)
    {
        if (await store.StatAsync(NameOf(sha256), ct) is not null)
            return;
        var vocabulary = ReadFile(path);
        if (vocabulary.Sha256 != sha256)
            throw new TokenException($"the vocabulary {path} has SHA-256 {vocabulary.Sha256}; expected {sha256}, as when the specification was read", "put the file back, or start a job of the file that is there");
        await store.WriteAsync(NameOf(sha256), async (stream, token) => await stream.WriteAsync(vocabulary.Text, token), WriteCondition.Always, ct);
    }

    /// <summary>A vocabulary.</summary>
    /// <exception cref="ArtifactMissingException">It is not in the store.</exception>
    /// <exception cref="ArtifactDamagedException">It is damaged.</exception>
    public static async Task<BytePairVocabulary> LoadAsync(IArtifactStore store, string sha256, CancellationToken ct)
    {
        var name = NameOf(sha256);
        var artifact = await store.ReadAsync(name, ct) ?? throw new ArtifactMissingException(name);
        try
        {
            var vocabulary = BytePairVocabulary.Parse(artifact.Content, name);
            return vocabulary.Sha256 == sha256 ? vocabulary : throw new ArtifactDamagedException(name, "its content", sha256, vocabulary.Sha256);
        }
        catch (TokenException exception)
        {
            throw new ArtifactDamagedException(name, "its content", "a vocabulary of byte pairs", exception.Message);
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>Reads the documents of sources for a model that is published.</summary>
public static class LanguageTexts
{
    public static async IAsyncEnumerable<LanguageText> ReadAsync(
        IArtifactStore store, SourceReader reader, TrainedLanguageModel model, ImmutableArray<SourceSpecification> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (tokens, number) = (model.Description.Language!.Tokens, 0L);
        var opened = ImmutableArray.CreateBuilder<SourceManifest>();
        foreach (var source in LanguagePlan.SourcesOf(sources, tokens))
            opened.Add(await reader.OpenAsync(source, labelsRequired: false, cancellationToken));
        // A shard a source: blocks of tokens then begin with its first.
        foreach (var work in LanguagePlan.WorkOf(opened.ToImmutable(), sources, tokens, int.MaxValue))
        {
            await foreach (var document in new LanguageDocuments(store, reader, work).ReadAsync(cancellationToken))
            {
                yield return TextOf(model, document.Tokens, number++);
            }
        }
    }

    /// <summary>The documents of a text as it comes, cut as those of a file of plain text.</summary>
    /// <exception cref="SourceException">There is no document, or one is none.</exception>
    public static async IAsyncEnumerable<LanguageText> ReadAsync(
        IArtifactStore store, TrainedLanguageModel model, TextStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var specification = model.Description.Language!.Tokens;
        var tokenizer = await Tokenizers.OfAsync(store, specification, cancellationToken);
        var (row, block, number) = (new TokenBuffer(), new TokenBuffer(), 0L);
        if (!await stream.NextAsync(cancellationToken))
            throw new SourceException($"{stream.Name}: no document; expected at least one.", "Give a text, a document a line.");
        do
        {
            row.Clear();
            tokenizer.Split(stream.Document, row);
            if (specification.Block == 0)
                yield return TextOf(model, row, number++);
            for (var i = 0; i < row.Count && specification.Block > 0; i++)
            {
                block.Add(row[i]);
                if (block.Count < specification.Block)
                    continue;
                yield return TextOf(model, block, number++);
                block.Clear();
            }
        }
        while (await stream.NextAsync(cancellationToken));
    }

    private static LanguageText TextOf(TrainedLanguageModel model, TokenBuffer tokens, long number)
    {
        var (texts, ids) = (new string[tokens.Count], new int[tokens.Count]);
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(tokens[i]);
        model.Words.IdsOf(tokens, ids);
        return new LanguageText(number, [.. texts], ids);
    }
}

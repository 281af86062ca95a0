using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;

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
                var (texts, ids) = (new string[document.Tokens.Count], new int[document.Tokens.Count]);
                for (var i = 0; i < texts.Length; i++)
                    texts[i] = Encoding.UTF8.GetString(document.Tokens[i]);
                model.Words.IdsOf(document.Tokens, ids);
                yield return new LanguageText(number++, [.. texts], ids);
            }
        }
    }
}

using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>The vocabulary pass over some documents: which features occur, and in how many rows. Belongs to one thread.</summary>
public sealed class FeatureCounter(Tokenizer tokenizer, IReadOnlyList<FeatureGroup> groups)
{
    private readonly TokenBuffer _tokens = new();
    private readonly Seen[] _seen = [.. groups.Select(_ => new Seen(new TokenTable(), [], []))];
    private int _row;

    /// <summary>Counts the features of one row.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        _tokens.Clear();
        tokenizer.Split(text, _tokens);
        _row++;
        for (var g = 0; g < groups.Count; g++)
        {
            var sink = new Sink(_seen[g], _row);
            groups[g].Extract(_tokens, ref sink);
        }
    }

    /// <summary>A list a group.</summary>
    public FeatureList[] ToLists() => [.. _seen.Select(group => FeatureList.Sorted(group.Table, CollectionsMarshal.AsSpan(group.Rows)))];

    private sealed record Seen(TokenTable Table, List<int> Rows, List<int> LastRow);

    private readonly struct Sink(Seen seen, int row) : IFeatureSink
    {
        public void Add(ReadOnlySpan<byte> feature)
        {
            var id = seen.Table.FindOrAdd(feature);
            if (id == seen.Rows.Count)
            {
                seen.Rows.Add(1);
                seen.LastRow.Add(row);
            }
            else if (seen.LastRow[id] != row)
            {
                seen.Rows[id]++;
                seen.LastRow[id] = row;
            }
        }
    }
}

using CsCheck;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Numerics.Tests.Language;

public class CellCounterTests
{
    private static readonly Gen<(int Vocabulary, int[][] Documents, int Capacity)> Texts =
        from vocabulary in Gen.Int[2, 200]
        from documents in Gen.Int[0, vocabulary - 1].Array[1, 400].Array[1, 6]
        from capacity in Gen.Int[1, 900]
        select (vocabulary, documents, capacity);

    [Fact]
    public void Cells_of_any_set_are_those_of_a_dictionary_however_often_the_counter_is_full() =>
        Gen.Select(Texts, Gen.OneOf(Gen.Const("1"), Gen.Const("3"), Gen.Const("1,2"), Gen.Const("2,5"), Gen.Const("1,2,3,4"))).Sample((text, lags) =>
        {
            var packing = new CellPacking(text.Vocabulary);
            var set = new LagSet([.. lags.Split(',').Select(int.Parse)]);
            var counter = new CellCounter(packing, set, text.Capacity);
            var runs = new List<CellList>();
            foreach (var document in text.Documents)
            {
                for (var first = 0; first < document.Length; first += counter.Add(document, first))
                {
                    if (counter.Free == 0)
                        runs.Add(Drained(counter));
                }
            }
            runs.Add(Drained(counter));
            AssertSame(packing, text.Documents, set, Merged(runs));
        });

    [Fact]
    public void Pairs_of_many_lags_are_those_of_a_dictionary_however_often_the_counter_is_full() =>
        Gen.Select(Texts, Gen.Int[1, 9].HashSet[1, 8]).Sample((text, set) =>
        {
            var packing = new CellPacking(text.Vocabulary);
            var lags = set.Order().ToArray();
            var counter = new PairCounter(packing, lags, text.Capacity);
            var runs = lags.Select(_ => new List<CellList>()).ToArray();
            foreach (var document in text.Documents)
            {
                for (var first = 0; first < document.Length; first += counter.Add(document, first))
                {
                    if (counter.Free == 0)
                        DrainAll();
                }
            }
            DrainAll();
            for (var lag = 0; lag < lags.Length; lag++)
                AssertSame(packing, text.Documents, new LagSet(lags[lag]), Merged(runs[lag]));

            void DrainAll()
            {
                for (var lag = 0; lag < lags.Length; lag++)
                {
                    runs[lag].Add(new CellList());
                    counter.Drain(lag, runs[lag][^1]);
                }
                counter.Clear();
            }
        });

    [Fact]
    public void Continuation_counts_distinct_tokens_one_lag_further_back() => Texts.Sample(text =>
    {
        var packing = new CellPacking(text.Vocabulary);
        var solution = LanguageSolution.Count(packing, new ContextPlan([new LagSet(1), new LagSet(1, 2)], continuesTop: true), text.Documents);
        var expected = new SortedDictionary<ulong, HashSet<int>>();
        foreach (var document in text.Documents)
        {
            for (var i = 0; i < document.Length; i++)
            {
                var cell = (packing.ContextAt(document, i, new LagSet(1, 2)) << packing.WordBits) | (uint)document[i];
                if (!expected.TryGetValue(cell, out var further))
                    expected[cell] = further = [];
                further.Add(i >= 3 ? document[i - 3] : packing.Pad);
            }
        }
        var cells = solution.CellsOf(new LagSet(1, 2));
        Assert.Equal(expected.Keys, cells.Cells.ToArray());
        Assert.Equal(expected.Values.Select(further => (long)further.Count), cells.Counts.ToArray());
    });

    [Fact]
    public void Lags_that_need_more_than_64_bits_are_refused_in_words()
    {
        var exception = Assert.Throws<LanguageException>(() => new CellCounter(new CellPacking(50_000), new LagSet(1, 2, 3, 4), 10));
        Assert.Contains("at most 3 lags", exception.Message, StringComparison.Ordinal);
    }

    private static CellList Drained(CellCounter counter)
    {
        var cells = new CellList();
        counter.Drain(cells);
        counter.Clear();
        return cells;
    }

    /// <summary>Runs merged, each handed over in pieces of at most three cells.</summary>
    private static CellList Merged(List<CellList> runs)
    {
        var (merge, merged, at) = (new RunMerge(runs.Count), new CellList(), new int[runs.Count]);
        while (!merge.IsDone)
        {
            while (merge.Wanting.TryPeek(out var run))
            {
                var piece = new CellList();
                for (; piece.Count < 3 && at[run] < runs[run].Count; at[run]++)
                    piece.Add(runs[run].Cells[at[run]], runs[run].Counts[at[run]]);
                merge.Give(piece);
            }
            merge.Merge(merged, merged.Count + 5);
        }
        return merged;
    }

    private static void AssertSame(CellPacking packing, int[][] documents, LagSet set, CellList cells)
    {
        var expected = new SortedDictionary<ulong, long>();
        foreach (var document in documents)
        {
            for (var i = 0; i < document.Length; i++)
            {
                var cell = (packing.ContextAt(document, i, set) << packing.WordBits) | (uint)document[i];
                expected[cell] = expected.GetValueOrDefault(cell) + 1;
            }
        }
        Assert.Equal(expected.Keys, cells.Cells.ToArray());
        Assert.Equal(expected.Values, cells.Counts.ToArray());
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Scoring;

/// <content>Up to 16 classes on processors without 512-bit vectors: a row's sums are two registers.</content>
public sealed partial class BlockLayer
{
    private const int Half = Lanes / 2;

    /// <summary>Weights that are asked for ahead at once must fit a part of the second cache.</summary>
    private const int MostFetched = 128 << 10;

    /// <summary>Eight blocks a pass: sums of many rows do not fit the second cache, so that each pass costs a way to the third and back.</summary>
    private const int BlocksPerPassByHalves = 8;

    /// <summary>Gives the first block that is not added yet: fewer are left than a pass takes.</summary>
    private unsafe int ScoreByHalves(ushort* codes, nint stride, int* offsets, float* weights, float* sums, int tile)
    {
        var block = 0;
        for (; block + BlocksPerPassByHalves <= Layout.Blocks; block += BlocksPerPassByHalves)
        {
            for (var i = 0; i < BlocksPerPassByHalves; i++)
                CheckCodes(codes + (block + i) * stride, tile, block + i);
            Fetch(offsets, block, weights);
            if (_inOrder)
                AddEightInOrder(codes + block * stride, stride, block, weights, sums, tile);
            else
                AddEightByHalves(codes + block * stride, stride, offsets, block, weights, sums, tile);
        }
        return block;
    }

    /// <summary>As <see cref="AddEightByHalves"/>, where weights lie in the order of the inputs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe void AddEightInOrder(ushort* codes, nint stride, int block, float* weights, float* sums, int tile)
    {
        var w0 = weights + (nint)Layout.BlockStart(block) * Lanes;
        var w1 = weights + (nint)Layout.BlockStart(block + 1) * Lanes;
        var w2 = weights + (nint)Layout.BlockStart(block + 2) * Lanes;
        var w3 = weights + (nint)Layout.BlockStart(block + 3) * Lanes;
        var w4 = weights + (nint)Layout.BlockStart(block + 4) * Lanes;
        var w5 = weights + (nint)Layout.BlockStart(block + 5) * Lanes;
        var w6 = weights + (nint)Layout.BlockStart(block + 6) * Lanes;
        var w7 = weights + (nint)Layout.BlockStart(block + 7) * Lanes;
        for (nint row = 0; row < tile; row++)
        {
            var low = Vector256.Load(sums);
            var high = Vector256.Load(sums + Half);
            var at = codes + row;
            Add(ref low, ref high, w0 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w1 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w2 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w3 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w4 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w5 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w6 + (nint)(*at) * Lanes);
            at += stride;
            Add(ref low, ref high, w7 + (nint)(*at) * Lanes);
            low.Store(sums);
            high.Store(sums + Half);
            sums += Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Add(ref Vector256<float> low, ref Vector256<float> high, float* weights)
    {
        low += Vector256.Load(weights);
        high += Vector256.Load(weights + Half);
    }

    /// <summary>Asks for a pass's weights in their order in memory; rows would ask for them in any order, each a wait of its own.</summary>
    private unsafe void Fetch(int* offsets, int block, float* weights)
    {
        var (first, end) = (Layout.BlockStart(block), block + BlocksPerPassByHalves < Layout.Blocks ? Layout.BlockStart(block + BlocksPerPassByHalves) : Layout.Inputs);
        if (!Sse.IsSupported || (long)(end - first) * Lanes * sizeof(float) > MostFetched)
            return;
        for (var input = first; input < end; input++)
            Sse.Prefetch1(weights + offsets[input]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe void AddEightByHalves(ushort* codes, nint stride, int* offsets, int block, float* weights, float* sums, int tile)
    {
        var o0 = offsets + Layout.BlockStart(block);
        var o1 = offsets + Layout.BlockStart(block + 1);
        var o2 = offsets + Layout.BlockStart(block + 2);
        var o3 = offsets + Layout.BlockStart(block + 3);
        var o4 = offsets + Layout.BlockStart(block + 4);
        var o5 = offsets + Layout.BlockStart(block + 5);
        var o6 = offsets + Layout.BlockStart(block + 6);
        var o7 = offsets + Layout.BlockStart(block + 7);
        var c1 = codes + stride;
        var c2 = codes + 2 * stride;
        var c3 = codes + 3 * stride;
        var c4 = codes + 4 * stride;
        var c5 = codes + 5 * stride;
        var c6 = codes + 6 * stride;
        var c7 = codes + 7 * stride;
        for (nint row = 0; row < tile; row++)
        {
            var w0 = weights + o0[codes[row]];
            var w1 = weights + o1[c1[row]];
            var w2 = weights + o2[c2[row]];
            var w3 = weights + o3[c3[row]];
            var w4 = weights + o4[c4[row]];
            var w5 = weights + o5[c5[row]];
            var w6 = weights + o6[c6[row]];
            var w7 = weights + o7[c7[row]];
            var low = Vector256.Load(sums) + Vector256.Load(w0);
            var high = Vector256.Load(sums + Half) + Vector256.Load(w0 + Half);
            low += Vector256.Load(w1);
            high += Vector256.Load(w1 + Half);
            low += Vector256.Load(w2);
            high += Vector256.Load(w2 + Half);
            low += Vector256.Load(w3);
            high += Vector256.Load(w3 + Half);
            low += Vector256.Load(w4);
            high += Vector256.Load(w4 + Half);
            low += Vector256.Load(w5);
            high += Vector256.Load(w5 + Half);
            low += Vector256.Load(w6);
            high += Vector256.Load(w6 + Half);
            low += Vector256.Load(w7);
            high += Vector256.Load(w7 + Half);
            low.Store(sums);
            high.Store(sums + Half);
            sums += Lanes;
        }
    }
}

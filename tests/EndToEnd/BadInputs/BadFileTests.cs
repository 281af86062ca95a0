using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Files that are missing, damaged or not what the specification says.</summary>
[Collection(nameof(InProcess))]
public sealed class BadFileTests
{
    private static readonly byte[] Images = IdxFile.Images(4, 2, 3, [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))]);
    private static readonly byte[] Labels = IdxFile.Labels(1, 2, 1, 2);

    private static readonly BadInput[] Cases =
    [
        Idx("images missing", "train", null, Labels, "/images does not exist", "Check the path in the specification"),
        Idx("labels missing", "data show", Images, null, "/labels does not exist"),
        Idx("images empty", "data show", [], Labels, "/images is empty (0 bytes)"),
        Idx("a picture instead of IDX", "train", [0xff, 0xd8, 0xff, 0xe0, .. Images], Labels, @"/images: byte 0: '\xff\xd8\xff\xe0' is not the start of an IDX file"),
        Idx("IDX of floats", "data show", IdxFile.Of(0x0d, [4, 2, 3], new byte[96]), Labels, "/images: byte 2: IDX type code 0x0d; expected 0x08"),
        Idx("header cut off", "data show", Images[..10], Labels, "/images: byte 10: the file ends inside the IDX header"),
        Idx("images cut off", "train", Images[..30], Labels, "/images: byte 30: the data ends; expected 40 bytes"),
        Idx("bytes after the images", "data show", [.. Images, 7], Labels, "/images: byte 40: data goes on after the last value"),
        Idx("labels fewer than images", "train", Images, IdxFile.Labels(1, 2, 1), "/labels: byte 4: 3 labels; expected 4, the number of images in") with { IsProcess = true },
        Idx("images and labels swapped", "data show", Labels, Images, "/images: byte 3: 1 dimension, a file of labels", "Swap images and labels"),
        Idx("gzip cut off", "train", Gzip.Of(Images)[..20], Labels, "/images: byte 20 of the gzip file: the file ends inside the compressed data"),
        Idx("gzip cut in its trailer", "data show", Gzip.Of(Images)[..^3], Labels, "gzip checksum or length is wrong or cut off"),
        Idx("gzip damaged", "data show", Flip(Gzip.Of(Images)), Labels, "gzip checksum or length is wrong"),
        Idx("gzip with a tail", "data show", [.. Gzip.Of(Images), .. "and more"u8], Labels, "'and more' after the end of the gzip data"),
        Idx("every image is zero", "train", IdxFile.Images(4, 2, 3, new byte[24]), Labels, "every row of label '1' has zero norm", "set solve.beta above 0"),
        Csv("table missing", "train", null, "/table does not exist"),
        Csv("NaN", "train", "a,c\n1,x\nNaN,y\n", "/table line 3 column 'a': 'NaN' is not finite"),
        Csv("infinity", "data show", "a,c\nInfinity,x\n", "/table line 2 column 'a': 'Infinity' is not finite"),
        Csv("a negative number", "train", "a,c\n1,x\n-0.5,y\n", "/table line 3 column 'a': '-0.5' is negative"),
        Csv("a ragged line", "train", "a,b,c\n1,2,x\n1,x\n", "/table line 3: 2 fields; expected 3 as in line 1"),
        Csv("text for a number", "data show", "a,c\n1,x\nwide,y\n", "/table line 3 column 'a': 'wide' is no number"),
        Csv("no such label column", "data show", "a,b\n1,2\n", "/table line 1: there is no label column 'c'; expected one of 'a', 'b'"),
        Csv("a quote never closed", "data show", "a,c\n1,\"x\n2,y\n", "/table line 2: a quoted field is not closed"),
        Csv("only a header", "data show", "a,c\n", "a header and no line after it"),
        Csv("an escape sequence in a label", "data show", "a,c\n1,\u001b[31mx\n", "control characters"),
        Csv("a class whose rows are all zero", "train", "a,c\n1,x\n0,y\n", "every row of label 'y' has zero norm", "set solve.beta above 0"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_bad_file_is_refused_in_one_line_with_its_position(string name) => Cases.Single(item => item.Name == name).AssertRefusedAsync();

    private static BadInput Idx(string name, string verb, byte[]? images, byte[]? labels, params string[] expected) =>
        new(name, $"{verb} spec.yaml", Outcome.Failed, expected)
        {
            Prepare = folder =>
            {
                folder.Write("spec.yaml", SpecificationText.Idx);
                if (images is not null)
                    folder.Write("images", images);
                if (labels is not null)
                    folder.Write("labels", labels);
            },
        };

    private static BadInput Csv(string name, string verb, string? table, params string[] expected) =>
        new(name, $"{verb} spec.yaml", Outcome.Failed, expected)
        {
            Prepare = folder =>
            {
                folder.Write("spec.yaml", SpecificationText.Csv);
                if (table is not null)
                    folder.Write("table", table);
            },
        };

    private static byte[] Flip(byte[] content)
    {
        content[^6] ^= 0x10;
        return content;
    }
}

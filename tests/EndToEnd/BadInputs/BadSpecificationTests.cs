namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Specifications with mistakes: every mistake is a line of its own, with its place. The lines themselves are tested with the client.</summary>
[Collection(nameof(InProcess))]
public sealed class BadSpecificationTests
{
    private static readonly BadInput[] Cases =
    [
        Changed("an unknown key", "solve:", "sovle:", "spec.yaml:5: unknown key 'sovle'; did you mean 'solve'?") with { IsProcess = true },
        Changed("a misspelt key within a section", "alpha:", "alhpa:", "spec.yaml:5: unknown key 'alhpa' in solve; did you mean 'alpha'?"),
        Changed("a key of nowhere", "solve:", "frobnicate:", "spec.yaml:5: unknown key 'frobnicate'"),
        Changed("two mistakes in two lines", "name: small", "name: Not Good", "spec.yaml:1: 'name' is ", "spec.yaml:3: 'data.train.format' is 'idy'") with
        {
            Prepare = folder => folder.Write(
                "spec.yaml", SpecificationText.Idx.Replace("small", "Not Good", StringComparison.Ordinal).Replace("idx", "idy", StringComparison.Ordinal)),
        },
        Changed("mixed features", "pixels", "[pixels, { map: bins, levels: [32] }]", "spec.yaml:4: mixed features: 'pixels' is dense and 'bins' makes blocks"),
        Changed("an unknown map", "pixels", "wavelets", "spec.yaml:4: 'features' is 'wavelets'; the known values are pixels, complement, bins, patches, orientations, layer, words, chars, positions and sparse"),
        Changed("levels that do not ascend", "pixels", "{ map: bins, levels: [128, 32] }", "spec.yaml:4: 'features.levels' does not ascend: 32 follows 128"),
        Changed("a map without its levels", "pixels", "bins", "spec.yaml:4: the map 'bins' needs 'levels'"),
        Changed("too many codes", "pixels", "{ map: patches, width: 4, height: 4, levels: [32, 128] }", "43,046,721 codes a window; expected at most 65,536"),
        Changed("a text for a number", "k: 2", "k: many", "spec.yaml:5: 'solve.k' is 'many'; expected auto, a number above 0"),
        Changed("K of zero", "k: 2", "k: 0", "spec.yaml:5: 'solve.k' is '0'"),
        Changed("a negative alpha", "alpha: 0.1", "alpha: -1", "spec.yaml:5: 'solve.alpha' is '-1'; expected auto, a number of at least 0"),
        Changed("a source without labels", ", labels: labels", "", "spec.yaml:3: the key 'data.train.labels' is missing"),
        Changed("a key of another format", "labels: labels", "labels: labels, header: true", "the key 'header' goes with the formats csv and tsv"),
        Changed("a remote file", "images: images", "images: 'https://example.org/images.gz'", "this version reads local files only"),
        Changed("brackets not closed", "[", "[", "spec.yaml:5: this is not YAML") with
        {
            Prepare = folder => folder.Write("spec.yaml", SpecificationText.Idx.Replace("k: 2", "k: [1, 2", StringComparison.Ordinal)),
        },
        Changed("an unknown refinement", "solve:", "refine: { method: averaged }\nsolve:", "the known values are none, sweeps and averaging"),
        new BadInput("an empty specification", "train spec.yaml", Outcome.WrongUsage, "spec.yaml: the specification is empty")
        {
            Prepare = folder => folder.Write("spec.yaml", ""),
        },
        new BadInput("data given as the specification", "train images.gz", Outcome.WrongUsage, "images.gz")
        {
            Prepare = folder => folder.Write("images.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0xff]),
        },
        new BadInput("a specification that is not there", "train none.yaml", Outcome.WrongUsage, "none.yaml: there is no such file; check the path"),
        new BadInput("a folder as the specification", "train .", Outcome.WrongUsage, ".: this is a folder"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_mistake_in_a_specification_is_a_line_with_its_place(string name) => Cases.Single(item => item.Name == name).AssertRefusedAsync();

    private static BadInput Changed(string name, string text, string replacement, params string[] expected) =>
        new(name, "train spec.yaml", Outcome.WrongUsage, expected)
        {
            Prepare = folder => folder.Write("spec.yaml", SpecificationText.Idx.Replace(text, replacement, StringComparison.Ordinal)),
        };
}

namespace ExplicitCluster.Client.Specifications;

/// <summary>A key with its value and its full path, e.g. <c>solve.alpha</c>.</summary>
internal sealed record Field(string Path, Origin Origin, Node Value)
{
    /// <summary>Where to point for this value: its own line, or that of its key where it is empty.</summary>
    public Origin At => Value is ScalarNode { IsEmpty: true } ? Origin : Value.Origin;
}

/// <summary>One mapping of a specification: hands out its keys and refuses those it does not know.</summary>
internal sealed class Section
{
    /// <summary>Where a key belongs that was written in another place.</summary>
    private static readonly Dictionary<string, string> Homes = new()
    {
        ["vocabulary"] = "",
        ["tokens"] = "",
        ["layers"] = "",
        ["split"] = "data",
        ["withoutFold"] = "data",
        ["k"] = "solve",
        ["alpha"] = "solve",
        ["beta"] = "solve",
        ["classWeights"] = "solve",
        ["temperatures"] = "solve",
        ["train"] = "data",
        ["test"] = "data",
        ["shardRows"] = "data",
        ["map"] = "features",
        ["levels"] = "features",
        ["stride"] = "features",
        ["cell"] = "features",
        ["bins"] = "features",
        ["thresholds"] = "features",
        ["shapes"] = "features",
        ["distance"] = "features",
        ["ngrams"] = "features",
        ["minRows"] = "features",
        ["hash"] = "features",
        ["lags"] = "features",
        ["activation"] = "layers",
        ["windows"] = "layers",
        ["tuples"] = "layers",
        ["targets"] = "layers",
        ["method"] = "refine",
        ["workers"] = "refine",
        ["sweeps"] = "refine",
        ["blocksPerChunk"] = "refine",
        ["damping"] = "refine",
        ["average"] = "refine",
        ["rounds"] = "refine",
        ["learningRate"] = "refine",
        ["optimizer"] = "refine",
        ["localEpochs"] = "refine",
        ["batch"] = "refine",
        ["holdOut"] = "refine",
        ["folds"] = "grid",
        ["priors"] = "grid",
        ["groups"] = "grid",
    };

    private readonly ProblemList _problems;
    private readonly MappingNode _mapping;
    private readonly Origin _origin;
    private readonly string _path;

    private Section(ProblemList problems, string path, Origin origin, MappingNode mapping) =>
        (_problems, _path, _origin, _mapping) = (problems, path, origin, mapping);

    /// <summary>The whole specification.</summary>
    public static Section Root(ProblemList problems, MappingNode mapping) => new(problems, "", problems.File, mapping);

    /// <summary>The mapping under a key; null where it is none, which is then a problem.</summary>
    public static Section? Of(ProblemList problems, Field field, string example)
    {
        if (field.Value is MappingNode mapping)
            return new Section(problems, field.Path, field.Origin, mapping);
        problems.Add(field.At, $"'{field.Path}' is {field.Value.Describe()}; expected a mapping, e.g. {example}");
        return null;
    }

    public Field? Find(string key) =>
        _mapping.Find(key) is { } entry ? new Field(PathOf(key), entry.Origin, entry.Value) : null;

    public Field? Require(string key, string example)
    {
        var field = Find(key);
        if (field is null)
            _problems.Add(_origin, $"the key '{PathOf(key)}' is missing; add it, e.g. {example}");
        return field;
    }

    /// <summary>Refuses every key that is not known here; keys of later versions are told apart from mistakes.</summary>
    public void RefuseOthers(IReadOnlyList<string> known, IReadOnlyList<string> later)
    {
        foreach (var entry in _mapping.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            var inWhat = _path.Length == 0 ? "" : $" in {_path}";
            if (later.Contains(entry.Key))
                _problems.Add(entry.Origin, $"the key '{PathOf(entry.Key)}' is not in this version; remove it");
            else if (KeyNames.Nearest(entry.Key, known) is null && Homes.TryGetValue(entry.Key, out var home) && home != _path)
                _problems.Add(entry.Origin, $"unknown key '{entry.Key}'{inWhat}; it belongs {(home.Length == 0 ? "at the root of the file" : $"under '{home}'")}");
            else
                _problems.Add(
                    entry.Origin,
                    $"unknown key {Quoted.Of(entry.Key)}{inWhat}; {KeyNames.Suggest(entry.Key, known, ("key here", "keys here"))}");
        }
    }

    /// <summary>Refuses a key that is known but does not go with another one.</summary>
    public void Refuse(IEnumerable<string> keys, Func<string, string> message)
    {
        foreach (var entry in _mapping.Entries.Where(entry => keys.Contains(entry.Key)))
            _problems.Add(entry.Origin, message(entry.Key));
    }

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}

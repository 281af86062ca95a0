namespace ExplicitCluster.Data.Documents;

/// <summary>Fields of the structs that Parquet's metadata is made of, by their numbers, after parquet.thrift.</summary>
internal sealed class ThriftShape
{
    // A field's type: 3 to 6 whole numbers of 8, 16, 32 and 64 bits, 8 bytes or text, b truth, {S a struct, [S a list of structs, [N a list of others.
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["File"] = "1:5 2:[Schema 3:6 4:[RowGroup 5:[KeyValue 6:8 7:[ColumnOrder 8:{Other 9:8",
        ["Schema"] = "1:5 2:5 3:5 4:8 5:5 6:5 7:5 8:5 9:5 10:{Logical",
        ["Logical"] = "1:{Other 2:{Other 3:{Other 4:{Other 5:{Decimal 6:{Other 7:{Time 8:{Time 10:{Whole 11:{Other 12:{Other 13:{Other 14:{Other 15:{Other 16:{Other 17:{Other 18:{Other",
        ["Decimal"] = "1:5 2:5",
        ["Time"] = "1:b 2:{Unit",
        ["Unit"] = "1:{Other 2:{Other 3:{Other",
        ["Whole"] = "1:3 2:b",
        ["KeyValue"] = "1:8 2:8",
        ["ColumnOrder"] = "1:{Other",
        ["RowGroup"] = "1:[Column 2:6 3:6 4:[Sorting 5:6 6:6 7:4",
        ["Sorting"] = "1:5 2:b 3:b",
        ["Column"] = "1:8 2:6 3:{ColumnData 4:6 5:5 6:6 7:5 8:{Other 9:8",
        ["ColumnData"] = "1:5 2:[5 3:[8 4:5 5:6 6:6 7:6 8:[KeyValue 9:6 10:6 11:6 12:{Statistics 13:[Encoding 14:6 15:5 16:{Sizes 17:{Other",
        ["Statistics"] = "1:8 2:8 3:6 4:6 5:8 6:8 7:b 8:b",
        ["Encoding"] = "1:5 2:5 3:5",
        ["Sizes"] = "1:6 2:[6 3:[6",
        ["Page"] = "1:5 2:5 3:5 4:5 5:{Data 6:{Other 7:{Dictionary 8:{Data2",
        ["Data"] = "1:5 2:5 3:5 4:5 5:{Statistics",
        ["Dictionary"] = "1:5 2:5 3:b",
        ["Data2"] = "1:5 2:5 3:5 4:5 5:5 6:5 7:b 8:{Statistics",
        ["Other"] = "",
    };

    private static readonly Dictionary<string, ThriftShape> Shapes = Texts.ToDictionary(text => text.Key, text => new ThriftShape(text.Value));

    private readonly Dictionary<int, string> _fields;

    private ThriftShape(string text) =>
        _fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split(':')).ToDictionary(field => int.Parse(field[0], null), field => field[1]);

    public static ThriftShape File => Shapes["File"];

    public static ThriftShape Page => Shapes["Page"];

    /// <summary>The struct in, or in the list in, a field; fields of none are known where the field is not.</summary>
    public ThriftShape In(int field) => _fields.TryGetValue(field, out var type) && type.Length > 1 && Shapes.TryGetValue(type[1..], out var shape) ? shape : Shapes["Other"];

    /// <summary>Whether a field of this number may have this type.</summary>
    public bool Allows(int field, int type) => !_fields.TryGetValue(field, out var known) || known[0] switch
    {
        'b' => type is 1 or 2,
        '{' => type == 12,
        '[' => type == 9,
        var digit => type == digit - '0',
    };

    /// <summary>Whether a list in a field of this number may have elements of this type. Lists of truths, which are in no field, are read in several ways.</summary>
    public bool AllowsIn(int field, int type) => !_fields.TryGetValue(field, out var known)
        ? type is not (1 or 2)
        : known.Length == 2 && char.IsAsciiDigit(known[1]) ? type == known[1] - '0' : type == 12;
}

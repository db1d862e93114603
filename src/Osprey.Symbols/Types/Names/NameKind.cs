namespace Osprey.Symbols.Types.Names;

/// <summary>The kind of thing that has a name in the index.</summary>
internal enum NameKind : byte
{
    Type = 1,
    Alias = 2,
    TypeDeclaration = 3,
    ImportedType = 4,
    Variable = 5,
    VariableDeclaration = 6,
    Function = 7,
    FunctionDeclaration = 8,

    /// <summary>A name of an enumeration; its entry is that of the enumeration.</summary>
    Enumerator = 9,

    /// <summary>An instance of a template, by the template's name.</summary>
    Instance = 10,
}

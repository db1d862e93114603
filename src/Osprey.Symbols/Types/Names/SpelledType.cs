using System.Globalization;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Makes the types that users write out of those that have names: pointers, arrays, qualified types, and pointers to
/// functions and members.
/// </summary>
/// <param name="findNamed">
/// Finds a type by its name and the keyword before it, which is null when there is none.
/// </param>
/// <param name="find">Finds a type within another, by its spelling.</param>
/// <param name="addressSize">Size of a pointer in bytes.</param>
internal readonly struct SpelledType(
    Func<string, string?, DebugType?> findNamed,
    Func<string, DebugType?> find,
    ulong addressSize
)
{
    /// <summary>Finds a type by its spelling; null when it, or one of the types in it, is not known.</summary>
    /// <param name="text">The spelling.</param>
    /// <param name="hasDeclarators">False when it must not be a pointer to a function or member.</param>
    public DebugType? Find(string text, bool hasDeclarators)
    {
        if (hasDeclarators && DeclaratorSpelling.Parse(text) is { } declarator)
            return FindDeclared(declarator);

        if (TypeSpelling.Parse(text) is not { } spelling)
            return null;

        bool isVoid = spelling.Name == "void";
        DebugType? type = isVoid ? null : findNamed(spelling.Name, spelling.Keyword);
        if ((type is null && !isVoid) || (isVoid && spelling.Derivations.Count == 0))
            return null;

        foreach (string derivation in spelling.Derivations)
        {
            if (type is null && derivation is not ("*" or "const" or "volatile"))
                return null;

            type = Derive(type, derivation, addressSize);
        }

        return type;
    }

    /// <summary>Makes a type out of another by a sign or word of its spelling.</summary>
    public static DebugType Derive(DebugType? type, string derivation, ulong addressSize)
    {
        return derivation switch
        {
            "*" => new PointerType(PointerKind.Pointer, () => type, addressSize),
            "&" => new PointerType(PointerKind.Reference, () => type, addressSize),
            "&&" => new PointerType(PointerKind.RvalueReference, () => type, addressSize),
            "[]" => new ArrayType(() => type!, null),
            _ when derivation[0] == '[' => new ArrayType(
                () => type!,
                ulong.Parse(derivation[1..^1], CultureInfo.InvariantCulture)
            ),
            _ => new QualifiedType(derivation, () => type),
        };
    }

    private DebugType? FindDeclared(DeclaratorSpelling spelling)
    {
        DebugType? target = null;
        DebugType? container = null;
        if (
            (spelling.Target != "void" && (target = find(spelling.Target)) is null)
            || (spelling.Container is { } name && (container = find(name)) is null)
        )
            return null;

        if (spelling.Parameters is { } parameters)
        {
            // The object is the first parameter of a member function, as in debug info.
            var types = new List<DebugType?>();
            if (container is not null)
                types.Add(Derive(container, "*", addressSize));

            bool isVariadic = parameters.Count > 0 && parameters[^1] == "...";
            for (int i = 0; i < parameters.Count - (isVariadic ? 1 : 0); i++)
            {
                if (find(parameters[i]) is not { } type)
                    return null;

                types.Add(type);
            }

            DebugType? result = target;
            target = new FunctionType(() => result, () => types, isVariadic);
        }

        if (container is not null)
            return new PointerType(
                PointerKind.MemberPointer,
                () => target,
                target is FunctionType ? addressSize * 2 : addressSize,
                () => container
            );

        foreach (char _ in spelling.Signs)
            target = Derive(target, "*", addressSize);

        return target;
    }
}

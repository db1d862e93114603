using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types;

/// <summary>
/// Finds types, variables, functions and constants of one module by name. A name may leave out a part that is not
/// needed, such as "struct ".
/// </summary>
public interface ITypeSource
{
    /// <summary>True when the module is in C, with no part in C++: C has rules of its own for names.</summary>
    bool IsC => false;

    /// <summary>
    /// Finds a type by its qualified name, as C++ or C programmers write it: blanks between tokens do not count.
    /// </summary>
    /// <returns>The complete type where the file has one, else a declaration; null when there is none.</returns>
    DebugType? FindType(string name);

    /// <summary>
    /// Finds a global or file-static variable, static member, thread-local or constant by its qualified name; null when
    /// there is none. <c>function::name</c> is a function's static variable; <c>file.c::name</c> or
    /// <c>'file.c'::name</c> is that of one source file.
    /// </summary>
    DebugVariable? FindVariable(string name);

    /// <summary>
    /// Finds a name of an enumeration: of one that is not scoped, or written with the enumeration's name before it.
    /// Null when there is none.
    /// </summary>
    (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name);

    /// <summary>
    /// Finds a function by its qualified name, with or without parameters; null when there is none that was compiled.
    /// </summary>
    DebugFunction? FindFunction(string name);

    /// <summary>
    /// Finds the functions whose code holds a link-time address, inlined ones included, each with the variables that
    /// are visible there.
    /// </summary>
    /// <returns>The functions, innermost first; the last one is not inlined. Empty when no function is there.</returns>
    IReadOnlyList<DebugScope> FindScopes(ulong linkAddress);
}

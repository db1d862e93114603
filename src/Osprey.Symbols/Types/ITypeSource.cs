using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types;

/// <summary>
/// Finds types, variables and constants of one module by name. Names may leave out what is unambiguous, such as "struct
/// ".
/// </summary>
public interface ITypeSource
{
    /// <summary>Whether it is a program in C: one without any C++, which has rules of its own.</summary>
    bool IsC => false;

    /// <summary>
    /// A type by its qualified name, spelled as C++ or C programmers do: blanks between tokens do not count.
    /// </summary>
    /// <returns>The complete type where the file has one, else a declaration; null when there is none.</returns>
    DebugType? FindType(string name);

    /// <summary>
    /// A global or file-static variable, static member, thread-local or constant by its qualified name; with
    /// <c>function::name</c> a function's static, with <c>file.c::name</c> or <c>'file.c'::name</c> that of one source
    /// file.
    /// </summary>
    DebugVariable? FindVariable(string name);

    /// <summary>
    /// A name of an enumeration that is not scoped, or is spelled with the enumeration's name; null when there is none.
    /// </summary>
    (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name);

    /// <summary>
    /// Link-time address and type of a function by its qualified name, parameters left out or given; null when there is
    /// none.
    /// </summary>
    DebugFunction? FindFunction(string name);

    /// <summary>
    /// The function, or the innermost inlined one, whose code holds a link-time address, with the variables visible
    /// there.
    /// </summary>
    /// <returns>
    /// Innermost first, ending with the function that was compiled by itself; empty when no function is there.
    /// </returns>
    IReadOnlyList<DebugScope> FindScopes(ulong linkAddress);
}

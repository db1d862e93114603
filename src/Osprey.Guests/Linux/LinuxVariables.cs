using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux;

/// <summary>Finds variables of a Linux kernel, of which only the symbols and the types may be known.</summary>
/// <remarks>
/// A kernel's own description of its types (BTF) does not say which variable has which type; its debug info does. So
/// whoever asks says the type that the variable has in the kernel's sources.
/// </remarks>
internal static class LinuxVariables
{
    /// <summary>Finds a variable by the names that it has had, newest first.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="type">Its type, as C spells it.</param>
    /// <param name="names">The names.</param>
    /// <returns>Null when the kernel has none of them.</returns>
    /// <exception cref="TargetException">The kernel's symbols or types are not known.</exception>
    public static Value? Find(GuestKernel kernel, string type, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (FindAddress(kernel, name) is { } address)
                return kernel.Values.At(GetType(kernel, type), address);
        }

        return null;
    }

    /// <summary>Finds the address of a variable; null when the kernel has none of that name.</summary>
    /// <exception cref="TargetException">The kernel's symbols are not known.</exception>
    public static ulong? FindAddress(GuestKernel kernel, string name)
    {
        if (kernel.Symbols.FindSymbol(name) is { } address)
            return address;

        return kernel.Symbols.FindSymbol("_text") is null && kernel.Symbols.FindSymbol("_stext") is null
            ? throw new TargetException(
                TargetProblem.KernelUnknown,
                "the guest's kernel has no symbols that are known, so that its variables can't be found"
            )
            : null;
    }

    /// <summary>Finds the address of a variable that every kernel has that was built with some option.</summary>
    /// <exception cref="TargetException">The kernel has none, or its symbols are not known.</exception>
    public static ulong GetAddress(GuestKernel kernel, string name) =>
        FindAddress(kernel, name) ?? throw NotConfigured(name);

    /// <summary>Finds a variable that every kernel has that was built with some option.</summary>
    /// <exception cref="TargetException">The kernel has none, or its symbols or types are not known.</exception>
    public static Value Get(GuestKernel kernel, string type, params ReadOnlySpan<string> names) =>
        Find(kernel, type, names) ?? throw NotConfigured(names[0]);

    /// <summary>Finds a type of the kernel.</summary>
    /// <exception cref="TargetException">It is not known.</exception>
    public static DebugType GetType(GuestKernel kernel, string name) =>
        kernel.Values.FindType(name)
        ?? throw new TargetException(
            TargetProblem.NotUnderstood,
            kernel.Values.FindType("struct list_head") is null
                ? "the kernel's types are not known: it has no description of them in memory (it was built without "
                    + "CONFIG_DEBUG_INFO_BTF), and its debug info is not here"
                : $"the kernel's {name} is not known: it has no such type"
        );

    /// <summary>Reads a number that is a member, or in one, by its path.</summary>
    /// <exception cref="TargetException">There is no such member, or it can't be read.</exception>
    public static ulong GetNumber(Value value, params ReadOnlySpan<string> path) =>
        value.Path(path) is { } member && member.TryGetUInt64(out ulong number)
            ? number
            : throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the kernel's {(value.Type is { } type ? TypeNames.Spell(type) : "structure")} is not understood: "
                    + $"{string.Join('.', path!)} can't be read"
            );

    private static TargetException NotConfigured(string name) =>
        new(TargetProblem.NotConfigured, $"not configured in this kernel: it has no variable {name}");
}

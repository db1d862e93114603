using System.Text.RegularExpressions;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests.Stacks;

/// <summary>
/// Registers that a guest saved in its memory: of a thread that does not run, or of what an interrupt or a fault came
/// into.
/// </summary>
public static partial class SavedRegisters
{
    /// <summary>Reads registers out of an expression or a list of expressions that a user gives.</summary>
    /// <param name="context">The context to compute expressions in.</param>
    /// <param name="text">
    /// An expression that gives a struct, or a pointer to one, whose members are named as registers are, as those of
    /// Linux's <c>pt_regs</c> (<c>ip</c>, <c>sp</c>) and OSv's <c>exception_frame</c> (<c>rip</c>, <c>rsp</c>); or
    /// names with an expression each: <c>rip=…,rsp=…</c>.
    /// </param>
    /// <returns>The known registers: at least rip and rsp.</returns>
    /// <exception cref="TargetException">It gives no such registers; the message says why.</exception>
    public static RegisterSet Read(GuestThread context, string text)
    {
        try
        {
            RegisterSet registers = Assignment().IsMatch(text) ? ReadList(context, text) : ReadStruct(context, text);
            Architecture architecture = registers.Architecture;
            foreach (Register needed in (Register[])[architecture.ProgramCounter, architecture.StackPointer])
            {
                if (registers[needed] is null)
                    throw new TargetException(
                        TargetProblem.NoSavedRegisters,
                        $"'{text}' has no {needed}: a stack can't be followed without"
                    );
            }

            return registers;
        }
        catch (ExpressionException exception)
        {
            throw new TargetException($"'{text}': {exception.Message}", exception);
        }
    }

    private static RegisterSet ReadList(GuestThread context, string text)
    {
        var registers = new RegisterSet(context.Architecture);
        foreach (string part in Split(text))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? part.Trim() : part[..equals].Trim();
            if (Find(registers.Architecture, name) is not { } register)
                throw new TargetException(TargetProblem.NoSavedRegisters, $"'{name}' is no register");

            if (equals < 0)
                throw new TargetException(TargetProblem.NoSavedRegisters, $"'{part.Trim()}' has no value");

            registers[register] = ToNumber(context.Evaluate(part[(equals + 1)..]), name);
        }

        return registers;
    }

    private static RegisterSet ReadStruct(GuestThread context, string text)
    {
        Value value = context.Evaluate(text).Follow();
        if (value.ResolvedType is PointerType)
            value = value.Dereference();

        if (value.ResolvedType is not CompoundType)
            throw new TargetException(TargetProblem.NoSavedRegisters, $"'{text}' is no struct of registers");

        var registers = new RegisterSet(context.Architecture);
        foreach (Register register in registers.Architecture.Registers)
        {
            foreach (string name in register.SavedNames)
            {
                if (registers[register] is null && value.Member(name) is { } member)
                    registers[register] = ToNumber(member, name);
            }
        }

        return registers;
    }

    private static ulong ToNumber(Value value, string name) =>
        value.AsPointer()
        ?? throw new TargetException($"{name} can't be read: {value.Problem?.Message ?? "it is no number"}");

    private static Register? Find(Architecture architecture, string name) =>
        architecture.FindRegister(name)
        ?? architecture.Registers.FirstOrDefault(register =>
            register.SavedNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>The parts between commas that are in no brackets.</summary>
    private static IEnumerable<string> Split(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '(' or '[' or '{')
                depth++;
            else if (text[i] is ')' or ']' or '}')
                depth--;
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    [GeneratedRegex(@"^\s*\w+\s*=(?!=)", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}

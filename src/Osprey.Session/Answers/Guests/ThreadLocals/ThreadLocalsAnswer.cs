using Osprey.Guests;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Symbols.Types.Variables;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Answers.Guests.ThreadLocals;

/// <summary>The answer to: which value has a thread-local variable in each thread?</summary>
public static class ThreadLocalsAnswer
{
    private const int MaxSize = 1 << 20;

    /// <summary>Reads the values. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="text">The variable, or an expression that it is in.</param>
    /// <param name="names">The threads, by number, address or name; all when there are none.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">There is no such variable or thread, or it is not thread-local.</exception>
    public static GuestList<ThreadLocalRow> Ask(
        GuestSession session,
        string text,
        IReadOnlyList<string> names,
        QuestionContext context
    )
    {
        GuestThreadList list = session.ListThreads(context.Cancellation);
        IReadOnlyList<GuestThreadState> threads =
            names.Count == 0 ? list.Threads : [.. names.Select(session.FindThread)];
        (GuestModule Module, DebugVariable Variable)? found = FindVariable(session, text);
        if (found is { Variable.Location: VariableLocation.Static } || NeedsNoThread(session, text))
            throw new TargetException(
                TargetProblem.NoSuchVariable,
                $"{text} is not thread-local: all threads have the same one (osprey print shows it)"
            );

        var rows = new List<ThreadLocalRow>();
        var defects = list.Defects.ToList();
        int without = 0;
        foreach (GuestThreadState thread in threads)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            RegisterSet? registers = GetRegisters(session, thread);
            ValueSpace values = session.Vcpu.CreateValues(session.Kernel.Values.Memory, () => registers);
            Value value = Evaluate(text, values);
            bool isInitial = false;
            if (
                value.Address is null
                && registers is not null
                && value.Problem is not null
                && found is var (module, variable)
            )
            {
                Value? initial = FindInitial(session, values, module, variable, registers);
                isInitial = initial is not null;
                value = initial ?? value;
            }

            if (value.Address is null && value.Problem is not null && names.Count == 0)
                without++;
            else
                rows.Add(new ThreadLocalRow(thread, value, isInitial));
        }

        if (rows.Count == 0 && without > 0)
            throw new TargetException(
                TargetProblem.NoSuchVariable,
                $"no thread has {text}: the thread-locals of the file that it is in are not found"
            );

        return new GuestList<ThreadLocalRow>(rows, defects);
    }

    private static Value Evaluate(string text, ValueSpace values)
    {
        try
        {
            return ValueExpression.Evaluate(text, values);
        }
        catch (ExpressionException exception)
        {
            throw new TargetException(TargetProblem.NoSuchVariable, $"'{text}': {exception.Message}");
        }
    }

    /// <summary>
    /// Tells whether an expression has its value without any thread's registers, and so the same one for all. Symbols
    /// without debug info say in no other way that they are not thread-local.
    /// </summary>
    private static bool NeedsNoThread(GuestSession session, string text)
    {
        try
        {
            Value value = ValueExpression.Evaluate(
                text,
                session.Vcpu.CreateValues(session.Kernel.Values.Memory, () => null)
            );
            return value.Address is not null || value.Problem is null;
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    private static (GuestModule, DebugVariable)? FindVariable(GuestSession session, string name)
    {
        (GuestModule, DebugVariable)? found = null;
        foreach (GuestModule module in session.Programs.Modules)
        {
            if (module.Types.FindVariable(name) is not { } variable)
                continue;

            if (variable.Location is not VariableLocation.None)
                return (module, variable);

            found ??= (module, variable);
        }

        return found;
    }

    /// <summary>
    /// The thread pointer as the kernel keeps it: no vCPU need be asked, since the system says which control block is
    /// the thread's.
    /// </summary>
    private static RegisterSet? GetRegisters(GuestSession session, GuestThreadState thread)
    {
        if (
            thread.ThreadPointer is not (> 0 and var pointer)
            || session.Kernel.Architecture.ThreadPointer is not { } register
        )
            return thread.Saved;

        return new RegisterSet(session.Kernel.Architecture) { [register] = pointer };
    }

    private static Value? FindInitial(
        GuestSession session,
        ValueSpace values,
        GuestModule module,
        DebugVariable variable,
        RegisterSet registers
    )
    {
        if (
            variable.Location is not VariableLocation.ThreadLocal local
            || session.ThreadLocals.FindBlock(module, registers, values.Memory) is not { Start: null } block
            || values.GetSize(variable.Type) is not (> 0 and <= MaxSize and var size)
            || local.Offset >= block.Size
            || block.Size - local.Offset < size
        )
            return null;

        // What the template does not have is zero.
        byte[] bytes = new byte[(int)size];
        int length = local.Offset < block.TemplateSize ? (int)Math.Min(size, block.TemplateSize - local.Offset) : 0;
        return values.Memory.Read(unchecked(block.Template + local.Offset), bytes.AsSpan(0, length)) == length
            ? values.FromBytes(variable.Type, bytes)
            : null;
    }
}

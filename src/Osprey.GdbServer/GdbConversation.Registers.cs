using System.Text;
using Osprey.Target;
using Osprey.Target.Architectures;

namespace Osprey.GdbServer;

/// <content>Writing registers.</content>
internal sealed partial class GdbConversation
{
    /// <summary>
    /// Writes one register, or those of all that are other than they were. gdb shows the reason of a refusal.
    /// </summary>
    private byte[] WriteRegisters(bool isOne, string rest)
    {
        if (FindRegisters(ref rest) is not { } thread)
            return Reply(NoThread);

        if (!Steers)
            return Refuse("another debugger steers the guest, or it is only looked at");

        List<(Register Register, ulong Value)> values;
        try
        {
            RegisterSet? before = thread.ReadRegisters();
            values = isOne ? [ServedRegisters.ReadOne(rest, before)] : ServedRegisters.ReadAll(rest, before);
        }
        catch (NotSupportedException unwritable)
        {
            return Refuse(unwritable.Message);
        }

        try
        {
            if (values.Count > 0)
                Session.WriteRegisters(thread, values);

            return Reply("OK");
        }
        catch (TargetException failed)
        {
            return Refuse(failed.Message);
        }
    }

    /// <summary>An error with its reason, which debuggers show as it is.</summary>
    private static byte[] Refuse(string reason) =>
        Reply("E." + Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(reason)).Replace('\n', ' '));
}

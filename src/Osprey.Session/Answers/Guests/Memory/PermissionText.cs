using Osprey.Target.Architectures.X64;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The permissions of pages, as <c>ls</c> shows it of files.</summary>
public static class PermissionText
{
    /// <summary>Such as "rwxu": read, write, execute, user mode; "----" for pages that fault.</summary>
    public static string Format(PagePermissions permissions) =>
        string.Create(
            4,
            permissions,
            static (text, allowed) =>
            {
                text[0] = (allowed & PagePermissions.Read) != 0 ? 'r' : '-';
                text[1] = (allowed & PagePermissions.Write) != 0 ? 'w' : '-';
                text[2] = (allowed & PagePermissions.Execute) != 0 ? 'x' : '-';
                text[3] = (allowed & PagePermissions.User) != 0 ? 'u' : '-';
            }
        );
}
